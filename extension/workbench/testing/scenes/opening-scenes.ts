import { fail } from './fail.ts';
import { HOSTILE_TITLE, populate } from './populate.ts';
import type { Scene } from './scene.ts';

/** What is shown between a click on an attempt and its preview. */
export const OPENING_SCENES: Scene[] = [
  {
    name: 'opening-refused',
    prepare: (fake) => {
      populate(fake);
      fake.intercept = (method, path) => {
        if (method === 'POST' && path === '/api/environments')
          fail(
            'WORKTREE_MISSING',
            'The worktree /w/t0 is not there any more.',
            'Start a new attempt on the board, or restore it with `git worktree repair`.',
            409,
          );
      };
    },
    act: async (page) => {
      await page.locator('button[aria-label*="Dark theme"].row-main').click();
      await page.waitForSelector('.overlay .failure-notice');
    },
  },
  {
    name: 'opening-hostile',
    prepare: (fake) => {
      populate(fake);
      fake.put({ id: 'evil', title: HOSTILE_TITLE, branch: '\u202e<b>branch</b>', worktree: '/w/evil' });
    },
    act: async (page) => {
      await page.evaluate(() => {
        const rows = [...document.querySelectorAll<HTMLElement>('.row-main')];
        rows
          .find((row) => row.textContent?.includes('onerror') && row.textContent.includes('branch'))
          ?.click();
      });
      await page.waitForSelector('.preview-header');
    },
  },
];
