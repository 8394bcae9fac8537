import type { Browser, Page } from 'puppeteer';

/** What moves by itself is stilled: two pictures are never taken at the same moment. */
const STILL =
  '*,*::before,*::after{animation:none!important;transition:none!important;caret-color:transparent!important}';

export async function takeScreenshot(page: Page): Promise<string> {
  await page.bringToFront();
  await page.evaluate(async (style) => {
    if (!document.getElementById('corpus-still')) {
      const element = document.createElement('style');
      element.id = 'corpus-still';
      element.textContent = style;
      document.head.append(element);
    }
    await document.fonts.ready;
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
  }, STILL);
  return page.screenshot({ encoding: 'base64' });
}

/**
 * Pixels that differ between two pictures (PNG, base64); -1 when their sizes do. One step of 255 is no difference:
 * two pictures of one page of the same server, taken one after the other, differ by that in a pixel or two.
 */
export async function differingPixels(browser: Browser, one: string, other: string): Promise<number> {
  if (one === other) return 0;
  const page = await browser.newPage();
  try {
    return await page.evaluate(
      async (pictures) => {
        const [first, second] = await Promise.all(
          pictures.map(async (picture) => {
            const image = new Image();
            image.src = `data:image/png;base64,${picture}`;
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height);
            const context = canvas.getContext('2d');
            if (!context) throw new Error('No canvas.');
            context.drawImage(image, 0, 0);
            return context.getImageData(0, 0, image.width, image.height);
          }),
        );
        if (!first || !second || first.width !== second.width || first.height !== second.height) return -1;
        const [a, b] = [first.data, second.data];
        let count = 0;
        for (let at = 0; at < a.length; at += 4) {
          const differs = [0, 1, 2].some(
            (channel) => Math.abs((a[at + channel] ?? 0) - (b[at + channel] ?? 0)) > 1,
          );
          if (differs) count += 1;
        }
        return count;
      },
      [one, other],
    );
  } finally {
    await page.close();
  }
}
