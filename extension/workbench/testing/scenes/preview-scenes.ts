import { stepsAt } from '../sample-data.ts';
import { populate } from './populate.ts';
import { printLines } from './print-lines.ts';
import type { Scene } from './scene.ts';
import { show, showCart } from './ways.ts';

/** One preview: how it runs, starts and fails. */
export const PREVIEW_SCENES: Scene[] = [
  { name: 'preview', prepare: populate, act: showCart },
  {
    name: 'preview-device',
    prepare: populate,
    act: async (page) => {
      await showCart(page);
      await page.locator('button[aria-label="Device size"]').click();
      await page.waitForSelector('.device-bar');
    },
  },
  {
    name: 'preview-isolation',
    prepare: populate,
    act: async (page) => {
      await showCart(page);
      await page.locator('.isolation-badge').hover();
      await page.waitForSelector('.hover-card:popover-open');
    },
  },
  {
    name: 'preview-menu',
    prepare: populate,
    act: async (page) => {
      await showCart(page);
      const tight = await page.$eval(
        '.tight-actions',
        (element) => getComputedStyle(element).display !== 'none',
      );
      if (!tight && !(await page.$('button[aria-label="Compare with"]'))) return;
      await page.locator(tight ? '.tight-actions button' : 'button[aria-label="Compare with"]').click();
    },
  },
  {
    name: 'preview-stop',
    prepare: populate,
    act: async (page) => {
      await showCart(page);
      const tight = await page.$eval(
        '.tight-actions',
        (element) => getComputedStyle(element).display !== 'none',
      );
      if (tight) await page.locator('.tight-actions button').click();
      await page.locator(tight ? '.menu-item.danger' : '.roomy-actions button[aria-label="Stop"]').click();
      await page.waitForSelector('.announcement-action');
    },
  },
  {
    name: 'preview-starting',
    prepare: (fake) => {
      populate(fake);
      fake.put({
        id: 'cart',
        status: 'initializing',
        steps: stepsAt('dependencies', { done: 214, total: 631, detail: 'npm install, from the registry' }),
      });
    },
    act: async (page) => show(page, 'Show the cart total in the header'),
  },
  {
    name: 'preview-start-failed',
    prepare: (fake) => {
      populate(fake);
      const steps = stepsAt('backend');
      fake.put({
        id: 'cart',
        status: 'failed',
        steps: steps.map((step) =>
          step.name === 'backend'
            ? { ...step, status: 'failed', durationMs: 60_004, detail: 'Nothing listens on port 3000.' }
            : step,
        ),
        failure: {
          code: 'SERVICE_NEVER_READY',
          message: 'The backend did not listen on port 3000 within 60 s.',
          remedy:
            'Let it listen on the PORT it is given, or set isolation.backend.port in `.vibe-kanban/environment.yaml`.',
        },
      });
    },
    act: async (page) => show(page, 'Show the cart total in the header'),
  },
  { name: 'preview-suspended', prepare: populate, act: (page) => show(page, 'Search as you type') },
  {
    name: 'preview-service-failed',
    prepare: (fake) => {
      populate(fake);
      const failure = {
        code: 'SERVICE_CRASHED',
        message: 'backend ended with code 1 three times within a minute.',
        remedy: 'Its log names the cause; it starts again with the next restart.',
      };
      fake.put({ id: 'cart', services: [{ name: 'backend', status: 'failed', restarts: 3, failure }] });
      fake.send('cart', {
        channel: 'preview',
        data: {
          type: 'build_error',
          error: { message: 'Unexpected token', file: 'src/app.tsx', line: 12, column: 3 },
        },
      });
      printLines(fake, 'cart');
    },
    act: showCart,
  },
];
