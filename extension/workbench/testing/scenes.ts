import { ATTEMPT_SCENES } from './scenes/attempt-scenes.ts';
import { CONNECTION_SCENES } from './scenes/connection-scenes.ts';
import { CONSOLE_SCENES } from './scenes/console-scenes.ts';
import { EDITOR_SCENES } from './scenes/editor-scenes.ts';
import { NETWORK_SCENES } from './scenes/network-scenes.ts';
import { OPENING_SCENES } from './scenes/opening-scenes.ts';
import { populate } from './scenes/populate.ts';
import { PREVIEW_SCENES } from './scenes/preview-scenes.ts';
import type { Scene } from './scenes/scene.ts';
import { SCREEN_SCENES } from './scenes/screen-scenes.ts';
import { showCart } from './scenes/ways.ts';

/** Every state of the workbench worth looking at. */
export const SCENES: Scene[] = [
  ...ATTEMPT_SCENES,
  ...PREVIEW_SCENES,
  ...CONSOLE_SCENES,
  ...SCREEN_SCENES,
  ...EDITOR_SCENES,
  ...NETWORK_SCENES,
  ...OPENING_SCENES,
  ...CONNECTION_SCENES,
];

/** Only where there is room for two. */
export const WIDE_SCENES: Scene[] = [
  {
    name: 'compare',
    prepare: populate,
    act: async (page) => {
      await showCart(page);
      await page.locator('button[aria-label="Compare with"]').click();
      await page.locator('.menu:popover-open .menu-item').click();
      await page.waitForFunction(() => document.querySelectorAll('iframe').length === 2);
      // The bar that tells of loading comes a moment after the second preview.
      const previews = page.frames().filter((frame) => frame.parentFrame() === page.mainFrame());
      await Promise.all(previews.map((frame) => frame.waitForSelector('h1')));
      await page.waitForFunction(() => !document.querySelector('.loading-bar'));
    },
  },
];
