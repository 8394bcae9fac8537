import { describe, expect, it } from 'vitest';
import { populate } from '../testing/scenes/populate.ts';
import { workbenchPage } from '../testing/workbench-page.ts';

const bench = workbenchPage(['--auto-accept-this-tab-capture']);

const box = (selector: string) =>
  bench.page.$eval(selector, (element) => {
    const { width, height, left } = element.getBoundingClientRect();
    return { width, height, left };
  });

describe('split panes', () => {
  it('move by pointer and by keyboard, go back on a double click, and are remembered per class of widths', async () => {
    await bench.openCart();
    const { page } = bench;
    const before = (await box('.main-list')).width;
    const divider = '.main > .split > .split-divider';
    const { left } = await box(divider);
    await page.mouse.move(left, 400);
    await page.mouse.down();
    await page.mouse.move(left + 100, 400, { steps: 4 });
    await page.mouse.up();
    expect((await box('.main-list')).width).toBeCloseTo(before + 100, -1);
    await page.focus(divider);
    await page.keyboard.press('ArrowLeft');
    const moved = (await box('.main-list')).width;
    expect(moved).toBeLessThan(before + 60);
    await page.setViewport({ width: 1000, height: 800 });
    await page.waitForFunction(
      () => document.querySelector('.main-list')?.getBoundingClientRect().width === 220,
    );
    await page.setViewport({ width: 1280, height: 800 });
    await page.reload();
    await page.waitForSelector('.main-list');
    expect((await box('.main-list')).width).toBeCloseTo(moved, 0);
    await page.locator(divider).click({ count: 2 });
    expect((await box('.main-list')).width).toBeCloseTo(before, 0);
  });

  it('keep the app’s page while the list and the panels come and go', async () => {
    const frame = await bench.openCart();
    await frame.evaluate(() => document.body.setAttribute('data-kept', 'yes'));
    const toggle = 'button[aria-label="Show or hide the list of attempts"]';
    await bench.page.locator(toggle).click();
    await bench.page.waitForFunction(() => !document.querySelector('.main-list'));
    await bench.page.locator('.console-handle').click();
    await bench.page.waitForSelector('.console');
    await bench.page.locator(toggle).click();
    await bench.page.waitForSelector('.main-list');
    expect(await frame.$eval('body', (body) => body.getAttribute('data-kept'))).toBe('yes');
  });
});

describe('the size of the app’s window', () => {
  it('is what was chosen, whatever room there is, and the page is not loaded anew for it', async () => {
    const frame = await bench.openCart();
    await frame.evaluate(() => document.body.setAttribute('data-kept', 'yes'));
    await bench.page.locator('button[aria-label="Device size"]').click();
    await frame.waitForFunction(() => innerWidth === 390 && innerHeight === 844);
    const drawn = await box('.device');
    const stage = await box('.stage');
    expect(drawn.height).toBeLessThan(stage.height);
    expect(drawn.width / drawn.height).toBeCloseTo(390 / 844, 2);
    await bench.page.focus('.device-edge.width');
    await bench.page.keyboard.press('ArrowRight');
    await frame.waitForFunction(() => innerWidth === 400);
    await bench.page.locator('button[aria-label="Rotate"]').click();
    await frame.waitForFunction(() => innerWidth === 844 && innerHeight === 400);
    await bench.page.locator('button[aria-label="Back to the whole width"]').click();
    await bench.page.waitForFunction(() => !document.querySelector('.device-bar'));
    expect(await frame.$eval('body', (body) => body.getAttribute('data-kept'))).toBe('yes');
  });
});

describe('a screenshot', () => {
  it('holds the app and nothing around it', async () => {
    await bench.openCart();
    await bench.page.evaluate(() => {
      Object.assign(globalThis, { saved: undefined });
      URL.createObjectURL = (content) => {
        if (content instanceof Blob) Object.assign(globalThis, { saved: content });
        return 'blob:nothing';
      };
      HTMLAnchorElement.prototype.click = () => {};
    });
    await bench.page.locator('button[aria-label="Screenshot"]').click();
    await bench.page.locator('.menu:popover-open .menu-item:nth-of-type(2)').click();
    await bench.page.waitForFunction(() => (globalThis as { saved?: Blob }).saved);
    const picture = await bench.page.evaluate(async () => {
      const bitmap = await createImageBitmap((globalThis as { saved?: Blob }).saved as Blob);
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      context?.drawImage(bitmap, 0, 0);
      const corner = context?.getImageData(4, 10, 1, 1).data;
      return { width: bitmap.width, height: bitmap.height, corner: [...(corner ?? [])] };
    });
    const frame = await box('iframe.frame');
    expect(picture.width / picture.height).toBeCloseTo(frame.width / frame.height, 1);
    // The app's dark green header, give or take the codec.
    expect(picture.corner[1]).toBeGreaterThan(picture.corner[0] ?? 0);
    expect(picture.corner[0]).toBeLessThan(60);
  });
});

describe('a deep link', () => {
  it('opens the route, the device and the panels that it names, and is what the address becomes', async () => {
    populate(bench.fake);
    await bench.open('#environment=cart&path=%2Forders%3Fopen%3D1&device=500x700&panel=console,network');
    const frame = await bench.appFrame('cart');
    await frame.waitForFunction(() => innerWidth === 500 && innerHeight === 700);
    expect(await frame.$eval('#route', (route) => route.textContent)).toBe('/orders?open=1');
    await bench.page.waitForSelector('.network');
    await bench.page.waitForSelector('.console');
    await bench.page.locator('button[aria-label="Rotate"]').click();
    await bench.page.waitForFunction(() => location.hash.includes('device=700x500'));
  });
});
