import { expect, it, vi } from 'vitest';
import { populate } from '../testing/scenes/populate.ts';
import { workbenchPage } from '../testing/workbench-page.ts';

const bench = workbenchPage();

type Key = Parameters<typeof bench.page.keyboard.press>[0];

/** Presses a key with others held: `Control+Shift+f`. */
async function press(keys: string): Promise<void> {
  const names = keys.split('+') as Key[];
  const last = names.pop();
  if (!last) return;
  for (const name of names) await bench.page.keyboard.down(name);
  await bench.page.keyboard.press(last);
  for (const name of names.reverse()) await bench.page.keyboard.up(name);
}

const recorder = (label: string) => `.key-recorder[aria-label*="${label}"]`;
const CONSOLE = recorder('Show or hide the console');
const FIRST = recorder('Find a command or an attempt');

async function openSettings(): Promise<void> {
  populate(bench.fake);
  await bench.open();
  await bench.page.waitForSelector('.row-main');
  // The sheet leads there, by keyboard alone.
  await press('?');
  await bench.page.waitForSelector('.shortcut-sheet[open]');
  await bench.page.keyboard.press('Enter');
  await bench.page.waitForSelector(`${FIRST}:focus`);
}

/** Gives a shortcut other keys as a person does, without a mouse. */
async function record(selector: string, keys: string): Promise<void> {
  await bench.page.focus(selector);
  await bench.page.keyboard.press('Enter');
  await bench.page.waitForSelector(`${selector}[aria-pressed="true"]`);
  await press(keys);
  await bench.page.waitForSelector(`${selector}[aria-pressed="false"]`);
}

const keysOf = (selector: string) => bench.textOf(selector);
const refusal = () => bench.textOf('.shortcut-refused p');

it('gives a shortcut other keys, which hold after a reload, in the sheet and on the controls', async () => {
  await openSettings();
  await record(CONSOLE, 'Control+j');
  expect(await keysOf(CONSOLE)).toBe('Ctrl+J');
  await bench.page.reload();
  await bench.page.waitForSelector('.row-main');
  await press('?');
  await bench.page.waitForSelector('.shortcut-sheet[open]');
  expect(await bench.textOf('.shortcut-sheet')).toContain('Show or hide the consoleCtrl+J');
  await bench.page.keyboard.press('Escape');
  await bench.page.locator('button[aria-label*="Show the cart total in the header"].row-main').click();
  await bench.page.waitForSelector(
    '.console-handle[aria-keyshortcuts="Control+J"][title="Show Console (Ctrl+J)"]',
  );
  await press('Alt+1');
  await press('Alt+2');
  await bench.page.waitForSelector('.network');
  expect(await bench.page.$('.console')).toBeNull();
  await press('Control+j');
  await bench.page.waitForSelector('.console-field:focus');
});

it('says whose keys they are already, and takes them away there only when asked', async () => {
  await openSettings();
  await record(CONSOLE, 'Control+k');
  expect(await refusal()).toBe(
    'Ctrl+K is already for “Find a command or an attempt”. Used here, it is taken away there.',
  );
  expect(await keysOf(CONSOLE)).toBe('Alt+1');
  await bench.page.keyboard.press('Tab');
  await bench.page.keyboard.press('Enter');
  await bench.page.waitForSelector(`${CONSOLE}:focus`);
  expect(await keysOf(CONSOLE)).toBe('Ctrl+K');
  expect(await keysOf(FIRST)).toBe('no keys');
  expect(await bench.page.$('.shortcut-refused')).toBeNull();
});

it('says why it does not take keys that the browser keeps, or that write text', async () => {
  await openSettings();
  for (const [keys, why] of [
    ['Control+w', 'The browser keeps Ctrl+W'],
    ['Control+Shift+n', 'The browser keeps Ctrl+Shift+N'],
    ['Control+c', 'Ctrl+C is for text everywhere'],
    ['Control+Alt+q', 'Ctrl+Alt+Q is the same as AltGr'],
    ['ArrowDown', 'ArrowDown alone moves about'],
  ] as const) {
    await record(CONSOLE, keys);
    expect(await refusal()).toContain(why);
    expect(await keysOf(CONSOLE)).toBe('Alt+1');
  }
});

it('leaves the keys as they were on Escape and Tab, and takes them away on Delete', async () => {
  await openSettings();
  await record(CONSOLE, 'Escape');
  await record(CONSOLE, 'Tab');
  expect(await bench.page.$(`${CONSOLE}:focus`)).toBeNull(); // no trap
  expect(await keysOf(CONSOLE)).toBe('Alt+1');
  await record(CONSOLE, 'Delete');
  expect(await keysOf(CONSOLE)).toBe('no keys');
});

it('goes back to the first keys, of one shortcut and of all', async () => {
  await openSettings();
  await record(CONSOLE, 'F2');
  await record(FIRST, 'Control+j');
  await bench.page.locator('button[aria-label="Back to Alt+1: Show or hide the console"]').click();
  await vi.waitFor(async () => expect(await keysOf(CONSOLE)).toBe('Alt+1'));
  expect(await keysOf(FIRST)).toBe('Ctrl+J');
  await bench.page.locator('.settings ::-p-text(Reset all shortcuts)').click();
  await vi.waitFor(async () => expect(await keysOf(FIRST)).toBe('Ctrl+K'));
  await bench.page.waitForFunction(() => !document.querySelector('button[aria-label^="Back to"]'));
});

it('comes before the code’s own keys, and saves by those that were chosen', async () => {
  await openSettings();
  await record(recorder('In the editor: save'), 'Control+d');
  await record(CONSOLE, 'Alt+l');
  await bench.page.locator('button[aria-label*="Show the cart total in the header"].row-main').click();
  await bench.appFrame('cart');
  bench.fake.sources.autoSave = false;
  await press('Control+p');
  await bench.page.waitForSelector('.chooser[open]');
  await bench.page.keyboard.type('style.css');
  await bench.page.keyboard.press('Enter');
  await bench.page.waitForSelector('.cm-content:focus');
  await bench.page.keyboard.type('/* mine */ ');
  await press('Control+d');
  await vi.waitFor(() => expect(bench.fake.sources.files.get('src/style.css')).toMatch(/^\/\* mine/), 5_000);
  await press('Alt+l');
  await bench.page.waitForSelector('.console-field:focus');
});
