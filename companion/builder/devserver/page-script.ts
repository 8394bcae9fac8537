import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { FRAME_PATH, type FramePage, PAGE_ELEMENT_ID } from '#shared/frame/page.ts';
import { frameFile, isFrameFile } from '../host/frame-files.ts';
import { sendStaticFile } from '../host/static-files.ts';
import { frameVersion } from '../host/versions.ts';

/** The one script that makes a page of the dev server a preview. */
export const PAGE_SCRIPT_PATH = '/__vitrine/devserver/page.js';

/** Stands for every page that a dev server made. */
export const SERVER_SESSION = 'server';

const PAGE: FramePage = {
  mode: 'static',
  ownServer: true,
  entry: '',
  base: '/',
  vendor: '',
  session: SERVER_SESSION,
};

/** The element for the page's head. It takes itself out, so that the app finds the document it made. */
export function pageElement(nonce?: string, serverPort?: number, backendPort?: number): string {
  const server = serverPort === undefined ? '' : `&port=${serverPort}`;
  const backend = backendPort === undefined ? '' : `&backend=${backendPort}`;
  const attribute = nonce === undefined ? '' : ` nonce="${nonce}"`;
  return `<script src="${PAGE_SCRIPT_PATH}?v=${frameVersion()}${server}${backend}"${attribute}></script>`;
}

/**
 * The shim, which runs before anything of the page, and then beside it the link to the companion. Frameworks that
 * take over a document compare it with their own: nothing is left in it.
 */
export function pageScript(): string {
  const shim = readFileSync(frameFile('shim.js'), 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
  const driver = `${FRAME_PATH}companion.js?v=${frameVersion()}`;
  return `(() => {
const script = document.currentScript;
const data = document.createElement('script');
data.type = 'application/json';
data.id = ${JSON.stringify(PAGE_ELEMENT_ID)};
const page = ${JSON.stringify(PAGE)};
const ports = new URL(script.src).searchParams;
if (ports.has('port')) page.serverPort = Number(ports.get('port'));
if (ports.has('backend')) page.backendPort = Number(ports.get('backend'));
data.textContent = JSON.stringify(page);
script.after(data);
try {
${shim}
} finally {
data.remove();
script.remove();
}
import(${JSON.stringify(driver)});
})();
`;
}

/** Answers what such a page asks of the companion; false for anything else. */
export async function sendPageFile(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const [path = '/'] = (request.url ?? '/').split(/[?#]/, 1);
  if (path === PAGE_SCRIPT_PATH) {
    response.writeHead(200, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    response.end(request.method === 'HEAD' ? undefined : pageScript());
    return true;
  }
  const name = path.startsWith(FRAME_PATH) ? path.slice(FRAME_PATH.length) : '';
  if (!isFrameFile(name)) return false;
  await sendStaticFile(request, response, frameFile(name));
  return true;
}
