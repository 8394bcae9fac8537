import { HOSTILE_TITLE, populate } from './populate.ts';
import type { Scene } from './scene.ts';
import { showCart, showEnvironments } from './ways.ts';

/** Screens and sheets that stand for themselves: environments, settings, dashboard, palette, shortcuts. */
export const SCREEN_SCENES: Scene[] = [
  {
    name: 'environments',
    prepare: (fake) => {
      populate(fake);
      fake.put({
        id: 'evil',
        title: HOSTILE_TITLE,
        branch: '\u202e<b>branch</b>',
        worktree: '/w/evil',
        status: 'failed',
      });
      const wave = (index: number) => 20 + 15 * Math.sin(index / 3);
      fake.usage.set(
        'cart',
        Array.from({ length: 40 }, (_, index) => ({
          at: index,
          cpuPercent: wave(index),
          memoryBytes: 180_000_000 + wave(index) * 1_000_000,
          processes: 4,
          networkBytesPerSecond: index % 5 === 0 ? 24_000 : 1_200,
        })),
      );
    },
    act: showEnvironments,
  },
  {
    name: 'settings',
    prepare: populate,
    act: async (page) => {
      await page.locator('button[aria-label="Settings"]').click();
      await page.waitForSelector('.settings');
    },
  },
  {
    name: 'settings-config',
    prepare: populate,
    act: async (page) => {
      await page.locator('button[aria-label="Settings"]').click();
      await page.locator('.config-field.number input').fill('250');
      await page.locator('.config-list').fill('api.example.org');
      await page.locator('.config-actions .primary').click();
      await page.waitForSelector('.config-review .cm-editor');
    },
  },
  {
    name: 'settings-shortcuts',
    prepare: populate,
    act: async (page) => {
      await page.locator('button[aria-label="Settings"]').click();
      await page.waitForSelector('.config-form');
      const recorder = (what: string) => `.key-recorder[aria-label*="${what}"]`;
      for (const [what, keys] of [
        ['Show these shortcuts', ['Delete']],
        ['Show or hide the editor', ['Alt', 'j']],
        ['Show or hide the console', ['Control', 'k']],
      ] as const) {
        await page.focus(recorder(what));
        await page.keyboard.press('Enter');
        await page.waitForSelector(`${recorder(what)}[aria-pressed="true"]`);
        for (const key of keys) await page.keyboard.down(key);
        for (const key of keys) await page.keyboard.up(key);
      }
      await page.waitForSelector('.shortcut-refused');
      await page.waitForFunction(() => !document.querySelector('.announcement'));
      await page.$eval('.shortcut-settings', (list) => list.closest('section')?.scrollIntoView());
    },
  },
  {
    name: 'palette',
    prepare: populate,
    act: async (page) => {
      await showCart(page);
      await page.focus('.console-handle');
      await page.keyboard.down('Control');
      await page.keyboard.press('k');
      await page.keyboard.up('Control');
      await page.waitForSelector('.chooser[open]');
      await page.keyboard.type('pho');
    },
  },
  {
    name: 'shortcuts',
    prepare: populate,
    act: async (page) => {
      await page.keyboard.type('?');
      await page.waitForSelector('.shortcut-sheet[open]');
    },
  },
  {
    name: 'dashboard',
    prepare: (fake) => {
      populate(fake);
      const measured = (count: number, usual: number) =>
        Array.from({ length: count }, (_, index) => ({
          at: 1_760_000_000_000 + (index * 72_000_000) / count,
          durationMs: usual * (1 + 0.6 * Math.abs(Math.sin(index * 1.7)) + (index % 17 === 0 ? 1.5 : 0)),
        }));
      fake.history = {
        starts: Array.from({ length: 40 }, (_, index) => ({
          at: 1_760_000_000_000 + index * 1_800_000,
          durationMs: 700 + 400 * Math.abs(Math.sin(index)) + (index % 11 === 0 ? 2_600 : 0),
        })),
        failures: [{ at: 1_760_020_000_000 }, { at: 1_760_050_000_000 }],
        loads: measured(120, 300),
        hotReloads: measured(300, 80),
        verdicts: [],
      };
    },
    act: async (page) => {
      await showEnvironments(page);
      await page.locator('.screen-header .button').click();
      await page.waitForSelector('.plot canvas');
    },
  },
  { name: 'environments-empty', act: showEnvironments },
  {
    name: 'environments-bulk',
    prepare: populate,
    act: async (page) => {
      await showEnvironments(page);
      await page.locator('.environment input').click();
      await page.locator('.bulk .danger').click();
      await page.waitForSelector('.announcement-action');
    },
  },
];
