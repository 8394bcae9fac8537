import { populate, withRequests } from './populate.ts';
import { printLines } from './print-lines.ts';
import type { Scene } from './scene.ts';
import { showNetwork } from './ways.ts';

/** The network panel below a preview. */
export const NETWORK_SCENES: Scene[] = [
  {
    name: 'console-network',
    prepare: (fake) => {
      withRequests(fake);
      printLines(fake, 'cart');
    },
    act: async (page) => {
      await showNetwork(page);
      await page.locator('.console-handle').click();
      await page.waitForSelector('.console-row');
      await page.$eval('.console-list', (list) => list.scrollTo(0, 0));
    },
  },
  { name: 'network-empty', prepare: populate, act: showNetwork },
  { name: 'network', prepare: withRequests, act: showNetwork },
  {
    name: 'network-detail',
    prepare: withRequests,
    act: async (page) => {
      await showNetwork(page);
      await page.locator('#requests-6 .name').click();
      await page.waitForSelector('.fact');
      await page.locator('.tab:nth-of-type(3)').click();
      await page.waitForSelector('.json-node');
    },
  },
  {
    name: 'network-picture',
    prepare: withRequests,
    act: async (page) => {
      await showNetwork(page);
      await page.evaluate(() => document.querySelector('#requests-13')?.scrollIntoView());
      await page.locator('#requests-13 .name').click();
      await page.waitForSelector('.fact');
      await page.locator('.tab:nth-of-type(3)').click();
      await page.waitForSelector('.body-image');
    },
  },
  {
    name: 'network-blocked',
    prepare: withRequests,
    act: async (page) => {
      await showNetwork(page);
      await page.locator('#requests-10 .name').click();
      await page.waitForSelector('.request-detail .failure-notice');
    },
  },
  {
    name: 'network-timing',
    prepare: withRequests,
    act: async (page) => {
      await showNetwork(page);
      await page.locator('#requests-5 .name').click();
      await page.waitForSelector('.fact');
      await page.locator('.tab:nth-of-type(4)').click();
    },
  },
];
