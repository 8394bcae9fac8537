import { expect, it, vi } from 'vitest';
import { populate } from '../testing/scenes/populate.ts';
import { workbenchPage } from '../testing/workbench-page.ts';

const bench = workbenchPage();

async function openList(): Promise<void> {
  populate(bench.fake);
  await bench.open();
  await bench.page.locator('button[aria-label="All environments"]').click();
  await bench.page.waitForSelector('.environment');
}

const titles = () =>
  bench.page.$$eval('.environment-title', (rows) => rows.map((row) => row.textContent ?? ''));

it('shows all environments, finds some, and says what they use where that is measured', async () => {
  bench.fake.usage.set('cart', [
    { at: 1, cpuPercent: 12, memoryBytes: 210_000_000, processes: 3, networkBytesPerSecond: 1_500 },
  ]);
  await openList();
  expect(await titles()).toHaveLength(3);
  await bench.page.waitForSelector('.usage-part');
  const used = await bench.page.$$eval('.usage-part', (parts) => parts.map((part) => part.textContent));
  expect(used).toEqual(['12 % CPU', '210.0 MB', '1.5 kB/s']);
  await bench.page.locator('.screen-toolbar input[type=search]').fill('suspended');
  await bench.page.waitForFunction(() => document.querySelectorAll('.environment').length === 1);
  expect((await titles())[0]).toContain('Search as you type');
});

it('stops several after a while in which that can be undone', async () => {
  await openList();
  await bench.page.locator('.check-all input').click();
  await bench.page.locator('.bulk .danger').click();
  await bench.page.locator('.announcement-action').click();
  await bench.page.waitForFunction(() => document.querySelectorAll('.environment.ending').length === 0);
  await bench.page.locator('.environment:first-child input').click();
  await bench.page.locator('.bulk .danger').click();
  await bench.page.waitForSelector('.environment.ending');
  expect(bench.fake.environments.size).toBe(3);
  await vi.waitFor(() => expect(bench.fake.environments.size).toBe(2), { timeout: 15_000 });
  await bench.page.waitForFunction(() => document.querySelectorAll('.environment').length === 2);
});

it('does to several at once what fits each of them', async () => {
  await openList();
  await bench.page.locator('.check-all input').click();
  await bench.page.locator('.bulk .button:nth-of-type(1)').click();
  await vi.waitFor(() =>
    expect([...bench.fake.environments.values()].map(({ status }) => status)).toEqual(
      Array.from({ length: 3 }, () => 'suspended'),
    ),
  );
  // One of them was suspended before, and was left alone.
  expect(bench.fake.requests.filter((line) => line.endsWith('/suspend'))).toHaveLength(2);
  await bench.page.waitForSelector('.bulk .button:nth-of-type(1)[disabled]');
  expect(await bench.page.$('.screen-body .failure-notice')).toBeNull();
});

it('suspends and resumes, and says which of them could not', async () => {
  await openList();
  await bench.page.locator('button[aria-label="Actions for Show the cart total in the header"]').click();
  await bench.page.locator('.menu:popover-open .menu-item:nth-of-type(2)').click();
  await vi.waitFor(() => expect(bench.fake.environments.get('cart')?.status).toBe('suspended'));
  bench.fake.intercept = () => {
    throw new Error('The engine is gone.');
  };
  await bench.page.locator('button[aria-label="Actions for Let customers sign in with a passkey"]').click();
  await bench.page.locator('.menu:popover-open .menu-item:nth-of-type(3)').click();
  await bench.page.waitForSelector('.screen-body .failure-notice');
  expect(await bench.textOf('.screen-body .failure-notice')).toContain('passkey');
});
