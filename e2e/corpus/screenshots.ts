import type { Page } from 'puppeteer';
import { STILL } from '../browsers/pictures.ts';

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
