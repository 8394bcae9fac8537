import { fail } from './fail.ts';
import { populate } from './populate.ts';
import type { Scene } from './scene.ts';
import { showCart } from './ways.ts';

/** The workbench without its companion. */
export const CONNECTION_SCENES: Scene[] = [
  {
    name: 'connection-lost',
    prepare: populate,
    act: async (page, fake) => {
      await showCart(page);
      await fake.close();
      await page.waitForSelector('.connection-banner');
    },
  },
  {
    name: 'signed-out',
    prepare: (fake) => {
      fake.intercept = () => fail('UNAUTHORISED', 'No session.', 'Sign in.', 401);
    },
    act: async (page) => {
      await page.waitForSelector('.connection-card');
    },
  },
];
