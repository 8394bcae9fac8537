import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { waitUntil } from '../../e2e/wait-until.ts';
import { reactWithVite8, withCounter } from './testing/fixture-apps.ts';
import { color, isHeading, Previews, text } from './testing/previews.ts';

const previews = Previews.inThisFile();
/** Nobody looks for this long: the builder ends. */
const IDLE_MS = 2_000;

/** A page that was opened, shown and closed, and whose builder sleeps since. */
async function openAndClose() {
  const { app, preview } = await previews.start(reactWithVite8, { idleMs: IDLE_MS });
  const page = await previews.open(preview);
  await page.close();
  const [pid] = preview.pod.pids;
  await waitUntil(() => !existsSync(`/proc/${pid}`), { what: 'the builder to be ended' });
  return { app, preview };
}

it('shows a page that is opened again before its builder is back, which then updates it', async () => {
  const { app, preview } = await openAndClose();
  const gate = Promise.withResolvers<void>();
  preview.pod.mayStart = gate.promise;
  const page = await previews.open(preview);
  await isHeading(page, 'Hello');
  await page.click('button');
  gate.resolve();
  await waitUntil(() => preview.pod.pids.length === 2, { what: 'the builder to be started again' });
  preview.changed(await app.write('src/greeting.ts', "export const greeting = 'Back';\n"));
  await isHeading(page, 'Back');
  expect(await text(page, 'button')).toBe('count 1');
});

it('shows what changed while nobody looked, with the builder asleep and awake', async () => {
  const { app, preview } = await openAndClose();
  preview.changed(await app.write('src/greeting.ts', "export const greeting = 'Overnight';\n"));
  const page = await previews.open(preview);
  await isHeading(page, 'Overnight');
  await page.close();
  preview.changed(await app.write('src/greeting.ts', "export const greeting = 'At once';\n"));
  await isHeading(await previews.open(preview), 'At once');
});

it('asks Vite for what a plugin made anew, though no file changed', async () => {
  const { preview } = await previews.start(withCounter);
  const page = await previews.open(preview);
  await isHeading(page, 'count 0');
  await page.reload();
  await isHeading(page, 'count 0');
  await page.evaluate(() => fetch('/again'));
  await page.reload();
  await isHeading(page, 'count 1');
});

it('gives a style sheet and the module of the same address each what it asks for', async () => {
  const html = String(reactWithVite8['index.html']);
  const linked = html.replace('<title>', '<link rel="stylesheet" href="/src/app.css"><title>');
  const { preview } = await previews.start({ ...reactWithVite8, 'index.html': linked });
  for (let load = 0; load < 3; load++) {
    const page = await previews.open(preview);
    expect(await page.$eval('link[rel=stylesheet]', ({ sheet }) => sheet?.cssRules.length)).toBe(1);
    expect(await color(page, 'button')).toBe('rgb(1, 2, 3)');
    await page.close();
  }
});
