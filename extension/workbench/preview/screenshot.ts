import { VitrineError } from '#shared/errors.ts';
import type { WorkbenchHome } from '../home.ts';
import { text } from '../text/text.ts';

/** Long enough for the page to be drawn once without the menu that asked for the picture. */
const SETTLE_MS = 150;

/** Chromium's way to offer this very tab, and to cut the picture to an element. */
interface TabCapture extends DisplayMediaStreamOptions {
  preferCurrentTab: boolean;
  selfBrowserSurface: 'include';
}

/**
 * Why no picture of the app can be taken here; undefined where one can. A page cannot draw another origin's frame, so
 * the tab itself is captured, after the browser has asked: only a full tab can be, and only some browsers offer it.
 */
export function screenshotObstacle(home: Pick<WorkbenchHome, 'kind'>): string | undefined {
  if (home.kind === 'panel' || home.kind === 'sidebar') return text('screenshot.needs-tab');
  if (!('mediaDevices' in navigator) || !navigator.mediaDevices.getDisplayMedia)
    return text('screenshot.no-api');
  return 'CropTarget' in globalThis ? undefined : text('screenshot.no-api');
}

/** Asks for the tab, takes one picture and cuts out the element. Rejects with a VitrineError; SCREENSHOT_REFUSED. */
export async function takeScreenshot(element: Element): Promise<Blob> {
  const options: TabCapture = {
    video: true,
    audio: false,
    preferCurrentTab: true,
    selfBrowserSurface: 'include',
  };
  const stream = await navigator.mediaDevices.getDisplayMedia(options).catch((cause: unknown) => {
    throw new VitrineError({
      code: 'SCREENSHOT_REFUSED',
      message: text('screenshot.refused'),
      remedy: text('screenshot.refused-remedy'),
      cause,
    });
  });
  try {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    return await cutOut(video, element.getBoundingClientRect());
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

async function cutOut(video: HTMLVideoElement, box: DOMRect): Promise<Blob> {
  const ratio = video.videoWidth / innerWidth;
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(box.width * ratio));
  canvas.height = Math.max(1, Math.round(box.height * ratio));
  const { width, height } = canvas;
  canvas
    .getContext('2d')
    ?.drawImage(video, box.left * ratio, box.top * ratio, width, height, 0, 0, width, height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob) return blob;
  throw new VitrineError({
    code: 'SCREENSHOT_FAILED',
    message: text('screenshot.failed'),
    remedy: text('screenshot.failed-remedy'),
  });
}
