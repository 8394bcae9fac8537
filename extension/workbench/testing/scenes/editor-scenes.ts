import { populate } from './populate.ts';
import type { Scene } from './scene.ts';
import { openFile } from './ways.ts';

/** The editor beside a preview. */
export const EDITOR_SCENES: Scene[] = [
  { name: 'editor', prepare: populate, act: (page) => openFile(page, 'src/app.tsx') },
  {
    name: 'editor-search',
    prepare: populate,
    act: async (page) => {
      await openFile(page, 'src/app.tsx');
      const isNarrow = await page.evaluate(() => innerWidth < 900);
      if (isNarrow) await page.locator('button[aria-label="Show or hide the list of files"]').click();
      await page.locator('.editor-sidebar .segments label:nth-of-type(2)').click();
      await page.locator('.editor-sidebar input[type=search]').fill('cart');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.search-matches');
    },
  },
  {
    name: 'editor-diff',
    prepare: populate,
    act: async (page) => {
      await openFile(page, 'src/app.tsx');
      await page.locator('button[aria-label="What the attempt changed in this file"]').click();
      await page.waitForSelector('.diff .cm-editor');
    },
  },
  {
    name: 'editor-all-changes',
    prepare: populate,
    act: async (page) => {
      await openFile(page, 'src/app.tsx');
      const isNarrow = await page.evaluate(() => innerWidth < 900);
      if (isNarrow) await page.locator('button[aria-label="Show or hide the list of files"]').click();
      await page.locator('.editor-sidebar .segments label:nth-of-type(3)').click();
      await page.locator('.all-changes .button').click();
      await page.waitForSelector('.changed-file .cm-editor');
    },
  },
  {
    name: 'editor-conflict',
    prepare: populate,
    act: async (page, fake) => {
      fake.sources.autoSave = false;
      await openFile(page, 'src/style.css');
      await page.locator('.cm-content').click();
      await page.keyboard.type('/* mine */ ');
      fake.sources.files.set('src/style.css', 'main { color: red }\n');
      fake.send('cart', { channel: 'state', data: { type: 'file_change', paths: ['src/style.css'] } });
      await page.waitForSelector('.editor-notice');
      await page.locator('.editor-notice .button').click();
      await page.waitForSelector('.conflict-diff .cm-editor');
    },
  },
  {
    name: 'editor-quick-open',
    prepare: populate,
    act: async (page) => {
      await openFile(page, 'src/app.tsx');
      await page.keyboard.down('Control');
      await page.keyboard.press('p');
      await page.keyboard.up('Control');
      await page.waitForSelector('.chooser[open]');
      await page.keyboard.type('cart');
    },
  },
  {
    name: 'editor-find',
    prepare: populate,
    act: async (page) => {
      await openFile(page, 'src/app.tsx');
      await page.keyboard.down('Control');
      await page.keyboard.press('f');
      await page.keyboard.up('Control');
      await page.waitForSelector('.cm-search');
      await page.keyboard.type('total');
    },
  },
];
