import { expect, it } from 'vitest';
import { workbenchPage } from '../testing/workbench-page.ts';

const bench = workbenchPage();

it('says with one click whether the preview was useful, and takes it back with another', async () => {
  await bench.openCart();
  const pressed = () =>
    bench.page.$$eval('.feedback button', (buttons) => buttons.map((each) => each.ariaPressed));
  const until = (wanted: string) =>
    bench.page.waitForFunction(
      (state) =>
        [...document.querySelectorAll('.feedback button')].map((each) => each.ariaPressed).join() === state,
      {},
      wanted,
    );
  await bench.page.waitForSelector('.feedback');
  expect(await pressed()).toEqual(['false', 'false']);
  await bench.page.focus('.feedback button');
  await bench.page.keyboard.press('Enter');
  await until('true,false');
  expect(bench.fake.requests).toContain('POST /api/environments/cart/feedback {"useful":true}');
  await bench.page.click('.feedback button:last-child');
  await until('false,true');
  await bench.page.click('.feedback button:last-child');
  await until('false,false');
  expect(bench.fake.requests).toContain('POST /api/environments/cart/feedback {"useful":null}');
});
