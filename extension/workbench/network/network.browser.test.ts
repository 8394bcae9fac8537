import { describe, expect, it, vi } from 'vitest';
import { makeRequest, sampleRequests } from '../testing/sample-network.ts';
import { workbenchPage } from '../testing/workbench-page.ts';

const bench = workbenchPage();

async function openNetwork(): Promise<void> {
  for (const request of sampleRequests()) bench.fake.request('cart', request);
  await bench.openCart();
  await bench.page.locator('.network-handle').click();
  await bench.page.waitForSelector('.requests');
}

const shownNames = () =>
  bench.page.$$eval('.requests .grid-row .name', (cells) => cells.map((cell) => cell.textContent ?? ''));

describe('the network panel', () => {
  it('shows what was kept and what comes, and finds it by type, status and text', async () => {
    await openNetwork();
    bench.fake.request('cart', makeRequest({ id: 40, url: '/api/late', status: 418 }));
    await bench.page.waitForSelector('#requests-40');
    await bench.page.select('select[aria-label="Type"]', 'style');
    await bench.page.waitForFunction(() => document.querySelectorAll('.requests .grid-row').length === 1);
    expect(await shownNames()).toEqual(['/src/style.css']);
    await bench.page.select('select[aria-label="Status"]', '5xx');
    await bench.page.locator('.console-empty .button').click();
    await bench.page.waitForFunction(() => document.querySelectorAll('.requests .grid-row').length > 5);
    await bench.page.locator('.panel-query input').fill('api/late');
    await bench.page.waitForFunction(() => document.querySelectorAll('.requests .grid-row').length === 1);
    expect(await shownNames()).toEqual(['/api/late']);
  });

  it('shows the name of a file whose address is too long for its column', async () => {
    const url = `/@fs/home/dev/${'deep/'.repeat(30)}react-dom_client.js?v=1a2b3c4d`;
    bench.fake.request('cart', makeRequest({ id: 41, url }));
    await openNetwork();
    const name = await bench.page.waitForSelector('#requests-41 .url-name');
    expect(await name?.evaluate((part) => [part.textContent, part.scrollWidth <= part.clientWidth])).toEqual([
      'react-dom_client.js',
      true,
    ]);
  });

  it('allows the host of a blocked request', async () => {
    await openNetwork();
    await bench.page.locator('#requests-10').click();
    await bench.page.locator('.request-detail .failure-notice .button').click();
    await bench.page.waitForFunction(() => document.querySelector('.announcement'));
    expect(bench.fake.requests).toContain(
      'POST /api/environments/cart/egress {"host":"payments.example.com"}',
    );
  });

  it('sends a request again, and shows pictures', async () => {
    await openNetwork();
    await bench.page.focus('.requests');
    await bench.page.keyboard.press('End');
    await bench.page.keyboard.press('ArrowUp');
    await bench.page.keyboard.press('ArrowUp');
    await bench.page.waitForSelector('#requests-13[aria-selected=true]');
    await bench.page.locator('button[aria-label="Send again"]').click();
    await bench.page.waitForFunction(
      () => document.querySelector('.announcement')?.textContent === 'Sent again: 201.',
    );
    expect(bench.fake.requests).toContain('POST /api/environments/cart/network/13/replay');
    await bench.page.locator('.tab:nth-of-type(3)').click();
    const width = await bench.page.waitForFunction(
      () => document.querySelector<HTMLImageElement>('.body-image')?.naturalWidth,
    );
    expect(await width.jsonValue()).toBe(96);
    // What the sandbox sent is not a page's to send again.
    await bench.page.keyboard.press('Escape');
    await bench.page.focus('.requests');
    await bench.page.keyboard.press('Home');
    for (let step = 0; step < 9; step++) await bench.page.keyboard.press('ArrowDown');
    await bench.page.waitForSelector('#requests-10[aria-selected=true]');
    expect(await bench.page.$('button[aria-label="Send again"]')).toBeNull();
  });

  it('is used by keyboard alone, from the table into the details and back', async () => {
    await openNetwork();
    await bench.page.focus('.requests');
    await bench.page.keyboard.press('Home');
    for (let step = 0; step < 5; step++) await bench.page.keyboard.press('ArrowDown');
    await bench.page.waitForSelector('#requests-6[aria-selected=true]');
    await bench.page.waitForSelector('.fact');
    await bench.page.keyboard.press('Tab'); // the divider
    await bench.page.keyboard.press('Tab'); // the tabs
    await bench.page.keyboard.press('ArrowRight');
    await bench.page.keyboard.press('ArrowRight');
    await bench.page.waitForSelector('.json-node');
    expect(await bench.page.$eval('[role=tab][aria-selected=true]', (tab) => tab.textContent)).toBe(
      'Response',
    );
    await bench.page.focus('button[aria-label="Close the details"]');
    await bench.page.keyboard.press('Enter');
    await bench.page.waitForFunction(() => !document.querySelector('.request-detail'));
    expect(await bench.page.evaluate(() => document.activeElement?.classList.contains('requests'))).toBe(
      true,
    );
  });

  it('shows hostile addresses, headers and bodies as the text they are', async () => {
    await openNetwork();
    await bench.page.locator('#requests-12').click();
    await bench.page.waitForSelector('.fact');
    expect(await bench.textOf('.request-detail')).toContain('</script>gnp.exe');
    await bench.page.locator('.tab:nth-of-type(3)').click();
    await bench.page.locator('.json-children summary').click();
    expect(await bench.page.$$('.network img, .network script')).toEqual([]);
  });

  it('opens a HAR file and goes back', async () => {
    await openNetwork();
    const input = await bench.page.waitForSelector('.network input[type=file]');
    const har = { log: { entries: [] as unknown[] } };
    har.log.entries.push({
      startedDateTime: '2026-01-02T03:04:05.000Z',
      time: 12,
      request: { method: 'GET', url: 'http://shop.example/from-file' },
      response: { status: 200 },
    });
    await input?.evaluate((element, text) => {
      const files = new DataTransfer();
      files.items.add(new File([text], 'shop.har'));
      (element as HTMLInputElement).files = files.files;
      element.dispatchEvent(new Event('change'));
    }, JSON.stringify(har));
    await bench.page.waitForSelector('.network-note .button::-p-text(Back to this preview)');
    await vi.waitFor(async () => expect(await shownNames()).toEqual(['shop.example/from-file']), 5_000);
    await bench.page.locator('.network-note .button').click();
    await bench.page.waitForFunction(() => document.querySelectorAll('.requests .grid-row').length > 5);
  });

  it('reads a large HAR file beside the page, tells how far it is, and can be stopped', async () => {
    await openNetwork();
    await bench.page.waitForSelector('.requests .grid-row');
    const choose = () =>
      bench.page.$eval('.network input[type=file]', (element) => {
        const body = 'x'.repeat(10_000);
        const entry = (index: number) => ({
          request: { method: 'GET', url: `http://shop.example/${index}` },
          response: { status: 200, content: { mimeType: 'text/plain', text: body } },
        });
        const entries = Array.from({ length: 5_000 }, (_, index) => entry(index));
        const files = new DataTransfer();
        files.items.add(new File([JSON.stringify({ log: { entries } })], 'large.har'));
        (element as HTMLInputElement).files = files.files;
        element.dispatchEvent(new Event('change'));
      });
    await choose();
    await bench.page.waitForSelector('.network-note progress');
    await bench.page.locator('.network-note ::-p-text(Cancel)').click();
    await bench.page.waitForFunction(() => !document.querySelector('.network-note'));
    await vi.waitFor(() => expect(bench.page.workers()).toEqual([]), 5_000);
    expect(await shownNames()).not.toContain('shop.example/0');

    const progress = bench.page.waitForFunction(() => {
      const bar = document.querySelector<HTMLProgressElement>('.network-note progress');
      return bar !== null && bar.value > 0 && bar.value < bar.max;
    });
    await choose();
    await progress;
    await bench.page.waitForSelector('.network-note .button::-p-text(Back to this preview)');
    expect(await bench.textOf('.network-summary')).toContain('5,000 of 5,000 requests');
    await vi.waitFor(() => expect(bench.page.workers()).toEqual([]), 5_000);
  });

  it('says of a file that is no HAR file that it is none', async () => {
    await openNetwork();
    await bench.page.$eval('.network input[type=file]', (element) => {
      const files = new DataTransfer();
      files.items.add(new File(['{"log":'], 'broken.har'));
      (element as HTMLInputElement).files = files.files;
      element.dispatchEvent(new Event('change'));
    });
    await bench.page.waitForSelector('.network-notice .failure-notice');
    expect(await bench.textOf('.network-notice')).toContain('This file is not a HAR file.');
  });

  it('keeps few rows in the page with two thousand requests', async () => {
    await openNetwork();
    for (let id = 100; id < 2_200; id++) bench.fake.request('cart', makeRequest({ id, url: `/api/${id}` }));
    await bench.page.waitForSelector('#requests-2199');
    expect((await shownNames()).length).toBeLessThan(60);
    expect(await bench.textOf('.network-summary')).toContain('2,000 of 2,000');
  });
});
