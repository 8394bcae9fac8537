import { describe, expect, it } from 'vitest';
import { VitrineError } from '#shared/errors.ts';
import { makeEntry } from '../testing/sample-data.ts';
import { printValues } from '../testing/sample-values.ts';
import { workbenchPage } from '../testing/workbench-page.ts';

const bench = workbenchPage();
const INPUT = '.console-field';

async function openConsole(): Promise<void> {
  await bench.openCart();
  await bench.page.locator('.console-handle').click();
  await bench.page.waitForSelector(INPUT);
  // The app in the frame has told its name.
  await bench.page.waitForFunction(() => !document.querySelector('.loading-bar'));
  await bench.page.focus(INPUT);
}

const field = () => bench.page.$eval(INPUT, (element) => (element as HTMLTextAreaElement).value);
const rows = (role: string) =>
  bench.page.$$eval(`.console-row.${role} .console-text`, (found) =>
    found.map((row) => row.textContent ?? ''),
  );
const rowSays = (part: string) =>
  bench.page.waitForFunction(
    (wanted) =>
      [...document.querySelectorAll('.console-row')].some((row) => row.textContent?.includes(wanted)),
    {},
    part,
  );

const print = (entry: Parameters<typeof makeEntry>[0]) =>
  bench.fake.send('cart', { channel: 'logs', data: { type: 'console', entry: makeEntry(entry) } });
const atEnd = () =>
  bench.page.waitForFunction(() => {
    const list = document.querySelector('.console-list');
    return list !== null && list.scrollHeight - list.scrollTop - list.clientHeight < 24;
  });

it('leads from a line to where the page printed it', async () => {
  await openConsole();
  print({ source: 'browser', text: 'here', place: 'src/app.tsx:2:3' });
  const link = await bench.page.waitForSelector('button.console-place');
  expect(await link?.evaluate((element) => [element.textContent, element.title])).toEqual([
    'app.tsx:2',
    'src/app.tsx:2',
  ]);
  await link?.click();
  await bench.page.waitForFunction(() =>
    document.querySelector('.editor-tabs')?.textContent?.includes('app.tsx'),
  );
});

describe('the console’s input line', () => {
  it('evaluates in the page that is shown, by keyboard, and shows what it came to as a tree', async () => {
    await openConsole();
    await bench.page.keyboard.type('first');
    await bench.page.keyboard.down('Shift');
    await bench.page.keyboard.press('Enter');
    await bench.page.keyboard.up('Shift');
    await bench.page.keyboard.type('second');
    expect(await field()).toBe('first\nsecond');
    await bench.page.keyboard.press('Enter');
    await rowSays('Array(3)');
    const asked = bench.fake.requests.find((line) => line.includes('/evaluate')) ?? '';
    expect(JSON.parse(asked.slice(asked.indexOf('{')))).toEqual({
      frameId: expect.stringMatching(/^[a-z0-9]{5,}$/),
      source: 'first\nsecond',
    });
    expect(await field()).toBe('');
    await bench.page.focus('.console-row.result summary');
    await bench.page.keyboard.press('Enter');
    await bench.page.waitForSelector('.console-row.result .json-children');
    expect(await rows('result')).toEqual([expect.stringContaining('0: 12.51: 4.252: undefined')]);
  });

  it('shows the answer to whoever has scrolled up', async () => {
    await openConsole();
    for (let line = 0; line < 80; line += 1) print({ text: `line ${line}` });
    await rowSays('line 79');
    await bench.page.$eval('.console-list', (list) => list.scrollTo(0, 0));
    await bench.page.waitForSelector('.console-jump');
    await bench.page.focus(INPUT);
    await bench.page.keyboard.type('1 + 1');
    await bench.page.keyboard.press('Enter');
    await rowSays('Array(3)');
    await atEnd();
  });

  it('goes through what was typed before with the arrows, and says what was thrown or refused', async () => {
    await openConsole();
    bench.fake.evaluate = ({ source }) => {
      if (source === 'gone')
        throw new VitrineError({ code: 'PAGE_GONE', message: 'It was left.', remedy: 'Again.', status: 409 });
      return { thrown: true, value: { type: 'error', text: `<b>${source}</b>` }, stack: 'at app.ts:1:1' };
    };
    for (const line of ['one', 'gone']) {
      await bench.page.keyboard.type(line);
      await bench.page.keyboard.press('Enter');
    }
    await rowSays('<b>one</b>');
    await rowSays('It was left.\nAgain.');
    await bench.page.keyboard.type('dra');
    await bench.page.keyboard.press('ArrowUp');
    await bench.page.keyboard.press('ArrowUp');
    await bench.page.keyboard.press('ArrowUp');
    expect(await field()).toBe('one');
    await bench.page.keyboard.press('ArrowDown');
    await bench.page.keyboard.press('ArrowDown');
    expect(await field()).toBe('dra');
  });
});

it('shows printed objects as trees, whose hostile names are text', async () => {
  await openConsole();
  printValues(bench.fake, 'cart');
  await rowSays('the cart is');
  await bench.page.locator('.console-row .json-node > summary').click();
  const opened = await bench.page.waitForSelector('.console-row .json-children');
  const text = await opened?.evaluate((element) => element.textContent ?? '');
  expect(text).toContain('self: [Circular]');
  expect(text).toContain('button: <button#save.primary>');
  const nested = await bench.page.waitForSelector('.console-row .json-children .json-node > summary');
  await nested?.click();
  await rowSays('138 more were not taken from the page');
  expect(await bench.page.$('.console img, .console script, .console b')).toBeNull();
});
