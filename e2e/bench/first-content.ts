import type { Browser } from 'puppeteer';

const CONTENT_DEADLINE_MS = 60_000;

/** Opens `url` in a context with nothing cached and resolves when the app's heading is in the DOM. */
export async function openFresh(browser: Browser, url: string) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(CONTENT_DEADLINE_MS);
  // Not awaited: what counts is the DOM, not the load event.
  const navigation = page.goto(url).catch(() => null);
  // Vitrine's own page while a preview starts has a heading too.
  await page.waitForSelector('#root h1');
  return {
    page,
    async close() {
      await navigation;
      await context.close();
    },
  };
}
