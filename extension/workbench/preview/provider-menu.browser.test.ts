import { expect, it } from 'vitest';
import { workbenchPage } from '../testing/workbench-page.ts';

const bench = workbenchPage();
const BUTTON = '.identity-kind';
const textOf = (selector: string) => bench.page.$eval(selector, (found) => found.textContent ?? '');

it('says what runs the frontend and why, and switches it by keyboard', async () => {
  await bench.openCart();
  await bench.page.waitForSelector(BUTTON);
  expect(await textOf(BUTTON)).toContain('sandpack');
  await bench.page.focus(BUTTON);
  await bench.page.keyboard.press('Enter');
  const items = () =>
    bench.page.$$eval('.menu:popover-open [role=menuitemcheckbox]', (found) =>
      found.map(({ ariaChecked, textContent }) => `${ariaChecked} ${textContent}`),
    );
  await bench.page.waitForSelector('.menu:popover-open');
  expect(await textOf('.menu:popover-open .menu-heading')).toMatch(/^sandpack: \S/);
  expect(await items()).toEqual([
    expect.stringMatching(/^true .*sandpack/),
    expect.stringMatching(/^false .*devserver/),
  ]);
  // Keys go to what has the focus, which an opening menu gives its first item.
  await bench.page.waitForSelector('.menu:popover-open [aria-checked=true]:focus');
  await bench.page.keyboard.press('ArrowDown');
  await bench.page.waitForSelector('.menu:popover-open [aria-checked=false]:focus');
  await bench.page.keyboard.press('Enter');
  await bench.page.waitForFunction(
    (selector) => document.querySelector(selector)?.textContent?.startsWith('devserver'),
    {},
    BUTTON,
  );
  expect(bench.fake.requests).toContain('POST /api/environments/cart/provider {"provider":"devserver"}');
});
