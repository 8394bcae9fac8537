import { describe, expect, it } from 'vitest';
import { populate } from '../testing/scenes/populate.ts';
import { workbenchPage } from '../testing/workbench-page.ts';

const bench = workbenchPage();
const MEMORY = '::-p-aria(Memory resource_limits.memory_mb)';

async function openSettings(): Promise<void> {
  populate(bench.fake);
  await bench.open();
  await bench.page.locator('button[aria-label="Settings"]').click();
  await bench.page.waitForSelector('.config-form');
}

const primary = (label: string) => bench.page.locator(`.config-actions ::-p-text(${label})`).click();

describe('environment.yaml in the settings', () => {
  it('is written only after its diff was seen, and only what was changed', async () => {
    await openSettings();
    const before = bench.fake.config.text;
    await bench.page.locator(MEMORY).fill('640');
    await primary('Show the change');
    await bench.page.waitForSelector('.config-review .cm-editor');
    expect(await bench.textOf('.config-review')).toContain('memory_mb: 640');
    expect(bench.fake.config.text).toBe(before);
    await primary('Back to the form');
    await bench.page.waitForFunction(() => !document.querySelector('.config-review'));
    await primary('Show the change');
    await bench.page.waitForSelector('.config-review .cm-editor');
    await primary('Write the file');
    await bench.page.waitForSelector('.announcement-action');
    expect(bench.fake.config.text).toBe(before.replace('256', '640'));
  });

  it('is not written over what somebody else wrote; the change is shown again', async () => {
    await openSettings();
    await bench.page.locator(MEMORY).fill('640');
    await primary('Show the change');
    await bench.page.waitForSelector('.config-review .cm-editor');
    bench.fake.config.text += '# theirs\n';
    bench.fake.config.version += 1;
    await primary('Write the file');
    await bench.page.waitForSelector('.config-form .failure-notice');
    expect(bench.fake.config.text).not.toContain('640');
    await bench.page.locator('.config-form .failure-notice ::-p-text(Show the change)').click();
    await bench.page.waitForFunction(() =>
      document.querySelector('.config-review')?.textContent?.includes('# theirs'),
    );
    await primary('Write the file');
    await bench.page.waitForSelector('.announcement-action');
    expect(bench.fake.config.text).toContain('640');
    expect(bench.fake.config.text).toContain('# theirs');
  });

  it('names the field that holds what the file may not', async () => {
    await openSettings();
    await bench.page.locator(MEMORY).fill('1');
    await bench.page.waitForSelector('.config-fault');
    expect(await bench.textOf('.config-fault')).toBe('A whole number, 32 or more.');
    const isDisabled = await bench.page.$eval('.config-actions .primary', (button) =>
      button.hasAttribute('disabled'),
    );
    expect(isDisabled).toBe(true);
  });
});

it('scrolls wherever the pointer is, on a screen wider than its lines', async () => {
  await openSettings();
  await bench.page.setViewport({ width: 1_600, height: 600 });
  await bench.page.mouse.move(1_500, 400);
  await bench.page.mouse.wheel({ deltaY: 300 });
  await bench.page.waitForFunction(() => (document.querySelector('.screen-body')?.scrollTop ?? 0) > 0);
  const end = await bench.page.$eval('.screen-body', (body) => body.getBoundingClientRect().right);
  expect(end).toBe(1_600);
});

it('adds and removes boards and repositories', async () => {
  await openSettings();
  await bench.page.locator('.settings .add-source .field').fill('/home/dev/other');
  await bench.page.keyboard.press('Enter');
  await bench.page.locator('button[aria-label="Remove /home/dev/other"]').click();
  await bench.page.waitForFunction(
    () => !document.querySelector('button[aria-label="Remove /home/dev/other"]'),
  );
  expect(bench.fake.requests).toContain('POST /api/repositories {"path":"/home/dev/other"}');
  expect(bench.fake.requests).toContain('DELETE /api/repositories {"path":"/home/dev/other"}');
});
