import { expect, it } from 'vitest';
import { populate } from '../testing/scenes/populate.ts';
import { workbenchPage } from '../testing/workbench-page.ts';

const bench = workbenchPage();

/** What the page gave the system to show. */
const shown = () =>
  bench.page.evaluate(() => (Reflect.get(window, 'told') as [string, { body: string; tag: string }][]) ?? []);

async function recordNotifications(permission: 'granted' | 'denied'): Promise<void> {
  await bench.page.evaluateOnNewDocument((answer) => {
    const told: unknown[] = [];
    Reflect.set(window, 'told', told);
    class Recorded {
      static permission = answer;
      static requestPermission = async () => answer;
      constructor(title: string, options: object) {
        told.push([title, options]);
      }
      close() {}
    }
    Reflect.set(window, 'Notification', Recorded);
  }, permission);
}

async function turnOn(): Promise<void> {
  await bench.page.locator('button[aria-label="Settings"]').click();
  await bench.page.locator('::-p-text(Tell me when a preview)').click();
}

it('tells of a preview somebody waits for in the workbench, one toast at a time, which leads there', async () => {
  populate(bench.fake);
  await bench.open();
  bench.fake.put({ id: 'cart', status: 'initializing' });
  bench.fake.put({ id: 'login', status: 'failed' });
  bench.fake.put({ id: 'cart', status: 'running' });
  await bench.page.bringToFront();
  await bench.page.waitForSelector('.announcement-action');
  expect(await bench.page.$$('.announcement')).toHaveLength(1);
  await bench.page.click('.announcement-action');
  await bench.page.waitForSelector('.preview-header');
});

it('asks before it tells the system, and then tells it while somebody looks elsewhere', async () => {
  await recordNotifications('granted');
  populate(bench.fake);
  await bench.open();
  await turnOn();
  await bench.page.waitForFunction(() => localStorage.getItem('vitrine.notifications') === 'true');
  await bench.page.evaluate(() => {
    document.hasFocus = () => false;
  });
  bench.fake.put({ id: 'cart', status: 'failed' });
  await bench.page.waitForFunction(() => Reflect.get(window, 'told').length > 0);
  expect(await shown()).toEqual([
    ['Preview crashed', { body: 'Show the cart total in the header', tag: 'vitrine-cart' }],
  ]);
});

it('says so where the browser refuses, and stays off', async () => {
  await recordNotifications('denied');
  populate(bench.fake);
  await bench.open();
  await turnOn();
  await bench.page.waitForSelector('.settings [role=alert]');
  expect(await bench.page.$eval('.settings [role=alert]', (note) => note.textContent)).toContain(
    'does not allow',
  );
  const checked = await bench.page.$$eval('.settings input', (boxes) => boxes.map((box) => box.checked));
  expect(checked.at(-1)).toBe(false);
});
