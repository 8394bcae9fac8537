import type { Page } from 'puppeteer';

/** Opens the preview of an attempt by its title; its page may still be loading. */
export async function show(page: Page, title: string): Promise<void> {
  await page.locator(`button[aria-label*="${title}"].row-main`).click();
  await page.waitForSelector('.preview-header');
}

/** Opens a preview that runs, and waits for its page. */
export async function showCart(page: Page): Promise<void> {
  await show(page, 'Show the cart total in the header');
  await page.waitForFunction(() => !document.querySelector('.loading-bar'));
}

/** Opens the network panel below {@link showCart}. */
export async function showNetwork(page: Page): Promise<void> {
  await showCart(page);
  await page.locator('.network-handle').click();
  await page.waitForSelector('.requests, .console-empty');
  // From the beginning: a row half under the heads of the columns cannot be clicked.
  await page.evaluate(() => document.querySelector('.requests')?.scrollTo(0, 0));
}

/** Opens the screen of all environments. */
export async function showEnvironments(page: Page): Promise<void> {
  await page.locator('button[aria-label="All environments"]').click();
  await page.waitForSelector('.environment, .screen-message');
  await page.waitForFunction(() => !document.querySelector('.screen .spinner'));
}

/** Opens a file in the editor beside {@link showCart}. */
export async function openFile(page: Page, path: string): Promise<void> {
  await showCart(page);
  await page.locator('.editor-handle').click();
  await page.locator('.editor-filter input').fill(path);
  await page.waitForFunction(() => document.querySelectorAll('.file-tree .grid-row').length === 1);
  await page.locator('.file-tree .grid-row').click();
  await page
    .$eval('.editor-filter input', (input) => {
      (input as HTMLInputElement).value = '';
      input.dispatchEvent(new Event('input'));
    })
    .catch(() => undefined); // where there is no room, the list is gone
  await page.waitForSelector('.cm-content');
  await page.focus('.cm-content');
}
