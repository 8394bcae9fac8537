import { describe, expect, it, vi } from 'vitest';
import { makeAttempt, makeEntry, stepsAt } from './testing/sample-data.ts';
import { sampleRequests } from './testing/sample-network.ts';
import { workbenchPage } from './testing/workbench-page.ts';

const bench = workbenchPage([], 'firefox');

describe('the workbench in Firefox', () => {
  it('starts an attempt, shows its steps, then its app, and stops it', async () => {
    bench.fake.attempts = {
      sources: [{ kind: 'repository', location: '/home/dev/shop' }],
      attempts: [makeAttempt({ taskId: 't1', title: 'Dark theme' })],
    };
    await bench.open();
    await bench.page.locator('button[aria-label^="Start the preview of Dark theme"].row-main').click();
    await bench.page.waitForSelector('.step.active');
    bench.fake.put({ id: 'env-1', steps: stepsAt('paint'), status: 'running' });
    const frame = await bench.appFrame('env-1');
    expect(await frame.$eval('h1', (heading) => heading.textContent)).toBe('Dark theme');
    await bench.page.waitForFunction(() => !document.querySelector('.steps'));
    await bench.page.locator('.roomy-actions button[aria-label="Stop"]').click();
    await bench.page.waitForFunction(() => !document.querySelector('.preview-header'));
    await vi.waitFor(() => expect(bench.fake.environments.size).toBe(0), { timeout: 15_000 });
  });

  it('follows the app’s route, and leads it from the URL bar', async () => {
    const frame = await bench.openCart();
    await bench.page.locator('.url-route').fill('orders?open=1');
    await bench.page.keyboard.press('Enter');
    await frame.waitForFunction(() => document.getElementById('route')?.textContent === '/orders?open=1');
    await bench.page.locator('button[aria-label="Back"]').click();
    await bench.page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('.url-route')?.value === '/',
    );
  });

  it('prints lines, evaluates what is typed, and finds a request', async () => {
    await bench.openCart();
    for (const request of sampleRequests()) bench.fake.request('cart', request);
    await bench.page.locator('.console-handle').click();
    const entry = makeEntry({ text: 'listening' });
    bench.fake.send('cart', { channel: 'logs', data: { type: 'console', entry } });
    await bench.page.waitForFunction(() =>
      document.querySelector('.console-row')?.textContent?.includes('listening'),
    );
    await bench.page.locator('.console-field').fill('cart.items');
    await bench.page.keyboard.press('Enter');
    await bench.page.waitForSelector('.console-row.result');
    await bench.page.locator('.console-handle').click(); // all the room for the other panel
    await bench.page.locator('.network-handle').click();
    await bench.page.waitForSelector('#requests-6');
  });

  it('saves what is typed into a file', async () => {
    bench.fake.sources.files.set('src/list.ts', 'one\n');
    await bench.openCart();
    await bench.page.locator('.editor-handle').click();
    await bench.page.locator('.editor-filter input').fill('src/list.ts');
    await bench.page.waitForFunction(() => document.querySelectorAll('.file-tree .grid-row').length === 1);
    await bench.page.locator('.file-tree .grid-row').click();
    await bench.page.waitForSelector('.cm-content');
    await bench.page.focus('.cm-content');
    await bench.page.keyboard.type('let zero;\n');
    await vi.waitFor(
      () => expect(bench.fake.sources.files.get('src/list.ts')).toBe('let zero;\none\n'),
      5_000,
    );
  });

  it('reaches everything by the palette', async () => {
    await bench.openCart();
    await bench.page.focus('.console-handle');
    await bench.page.keyboard.down('Control');
    await bench.page.keyboard.press('k');
    await bench.page.keyboard.up('Control');
    await bench.page.waitForSelector('.chooser[open]');
    await bench.page.keyboard.type('settings');
    await bench.page.keyboard.press('Enter');
    await bench.page.waitForSelector('.settings');
  });
});
