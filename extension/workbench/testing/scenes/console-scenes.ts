import { printValues } from '../sample-values.ts';
import { populate } from './populate.ts';
import { printLines } from './print-lines.ts';
import type { Scene } from './scene.ts';
import { showCart } from './ways.ts';

/** The console below a preview. */
export const CONSOLE_SCENES: Scene[] = [
  {
    name: 'console',
    prepare: (fake) => {
      populate(fake);
      printLines(fake, 'cart');
    },
    act: async (page) => {
      await showCart(page);
      await page.locator('.console-handle').click();
      await page.waitForSelector('.console-row');
      await page.$eval('.console-list', (list) => list.scrollTo(0, 0));
      await page.locator('.console-stack summary').click();
    },
  },
  {
    name: 'console-values',
    prepare: (fake) => {
      populate(fake);
      printValues(fake, 'cart');
    },
    act: async (page) => {
      await showCart(page);
      await page.locator('.console-handle').click();
      await page.locator('.console-field').fill('cart.items.map((item) => item.price)');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.console-row.result');
      await page.keyboard.type('await fetch("/api/cart")');
      await page.keyboard.down('Shift');
      await page.keyboard.press('Enter');
      await page.keyboard.up('Shift');
      await page.keyboard.type('  .then((answer) => answer.json())');
      await page.locator('.console-row .json-node > summary').click();
      await page.locator('.console-row .json-children .json-node > summary').click();
      await page.$eval('.console-list', (list) => list.scrollTo(0, 0));
    },
  },
];
