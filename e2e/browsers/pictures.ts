import type { Browser } from 'puppeteer';

/** What moves by itself is stilled: two pictures are never taken at the same moment. */
export const STILL =
  '*,*::before,*::after{animation:none!important;transition:none!important;caret-color:transparent!important}';

/**
 * Pixels of two pictures (PNG, base64) in which a colour differs by more than `tolerance` of 255; all of them where
 * the sizes differ.
 */
export async function differingPixels(
  browser: Browser,
  one: string,
  other: string,
  tolerance: number,
): Promise<number> {
  if (one === other) return 0;
  const page = await browser.newPage();
  try {
    return await page.evaluate(
      async (pictures, most) => {
        const [first, second] = await Promise.all(
          pictures.map(async (picture) => {
            const image = new Image();
            image.src = `data:image/png;base64,${picture}`;
            await image.decode();
            const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
            if (!context) throw new Error('No canvas.');
            context.drawImage(image, 0, 0);
            return context.getImageData(0, 0, image.width, image.height);
          }),
        );
        if (!first || !second) throw new Error('Two pictures are compared.');
        if (first.width !== second.width || first.height !== second.height) return first.width * first.height;
        const [a, b] = [first.data, second.data];
        let count = 0;
        for (let at = 0; at < a.length; at += 4) {
          const differs = [0, 1, 2].some(
            (channel) => Math.abs((a[at + channel] ?? 0) - (b[at + channel] ?? 0)) > most,
          );
          if (differs) count += 1;
        }
        return count;
      },
      [one, other],
      tolerance,
    );
  } finally {
    await page.close();
  }
}
