import { expect, it, vi } from 'vitest';
import { makeEntry } from './testing/sample-data.ts';
import { sampleRequests } from './testing/sample-network.ts';
import { populate } from './testing/scenes/populate.ts';
import { workbenchPage } from './testing/workbench-page.ts';

const bench = workbenchPage();

/** Presses a key with others held: `Control+Shift+f`. */
async function press(keys: string): Promise<void> {
  const names = keys.split('+') as Parameters<typeof bench.page.keyboard.press>[0][];
  const last = names.pop();
  if (!last) return;
  for (const name of names) await bench.page.keyboard.down(name);
  await bench.page.keyboard.press(last);
  for (const name of names.reverse()) await bench.page.keyboard.up(name);
}

const focusIn = (selector: string) =>
  bench.page.waitForFunction((wanted) => document.activeElement?.closest(wanted), {}, selector);

/** Finds a command by what it is called. */
async function command(typed: string): Promise<void> {
  await press('Control+k');
  await focusIn('.chooser[open]');
  await bench.page.keyboard.type(typed);
  await bench.page.keyboard.press('Enter');
  await bench.page.waitForFunction(() => !document.querySelector('.chooser[open]'));
}

it('does the main job without a mouse: look, edit, read, filter, resize, stop, take back', async () => {
  const { keyboard } = bench.page;
  populate(bench.fake);
  for (const request of sampleRequests()) bench.fake.request('cart', request);
  const entry = makeEntry({ text: 'order placed' });
  bench.fake.send('cart', { channel: 'logs', data: { type: 'console', entry } });
  await bench.open();
  await bench.page.waitForSelector('.row-main');

  await command('cart total');
  const frame = await bench.appFrame('cart');

  await press('Control+p');
  await focusIn('.chooser[open]');
  await keyboard.type('style.css');
  await keyboard.press('Enter');
  await focusIn('.cm-content');
  await keyboard.type('/* by keyboard */ ');
  await press('Control+s');
  await vi.waitFor(
    () => expect(bench.fake.sources.files.get('src/style.css')).toMatch(/^\/\* by keyboard/),
    5_000,
  );

  // The way out of the code, as it says itself.
  await keyboard.press('Escape');
  await keyboard.press('Tab');
  expect(await bench.page.evaluate(() => document.activeElement?.closest('.cm-content'))).toBeNull();

  await press('Control+Shift+f');
  await focusIn('.editor-sidebar input');
  await keyboard.type('private');
  await keyboard.press('Enter');
  await bench.page.waitForSelector('.search-matches .grid-row');

  await press('Alt+1');
  await focusIn('.console-field');
  expect(await bench.textOf('.console-list')).toContain('order placed');
  await press('Alt+2');
  await focusIn('.network input[type=search]');
  const rows = () => bench.page.$$eval('.requests .grid-row', (found) => found.length);
  const all = await rows();
  await keyboard.type('orders');
  await vi.waitFor(async () => expect(await rows()).toBeLessThan(all), 5_000);
  expect(await rows()).toBeGreaterThan(0);
  expect(await bench.page.$('.console')).not.toBeNull(); // still beside it
  await press('Alt+2');
  await focusIn('.network-handle');

  await command('small phone');
  await frame.waitForFunction(() => innerWidth === 360);

  await command('stop');
  await bench.page.waitForSelector('.announcement-action');
  await press('Control+z');
  await bench.page.waitForSelector('.preview-header');
  expect(bench.fake.requests.filter((request) => request.startsWith('DELETE'))).toEqual([]);
});

it('leaves Ctrl+Z to what is typed', async () => {
  await bench.openCart();
  await command('stop');
  await bench.page.waitForSelector('.announcement-action');
  await bench.page.focus('.attempts input[type=search]');
  await bench.page.keyboard.type('abc');
  await press('Control+z');
  expect(await bench.page.$('.preview-header')).toBeNull();
});
