import { expect, it } from 'vitest';
import { waitUntil } from '../../e2e/wait-until.ts';
import { reactWithVite8 } from './testing/fixture-apps.ts';
import { isHeading, Previews, text } from './testing/previews.ts';

const previews = Previews.inThisFile();

/** A page that counted to one, whose companion ended, and a file that changed since. */
async function openAndLeave() {
  const kept = {
    cacheDirectory: await previews.temporaryDirectory('cache'),
    ownDirectory: await previews.temporaryDirectory('own'),
  };
  const { app, preview } = await previews.start(reactWithVite8, kept);
  const page = await previews.open(preview);
  await page.click('button');
  const { port } = preview;
  await preview.close();
  await app.write('src/greeting.ts', "export const greeting = 'Missed';\n");
  return { app, page, comeBack: () => previews.serve({ root: app.root, ...kept, port }) };
}

it('survives the end of its builder', async () => {
  const { app, preview } = await previews.start(reactWithVite8);
  const page = await previews.open(preview);
  await page.click('button');
  process.kill(preview.pod.pids.at(-1) ?? 0, 'SIGKILL');
  await waitUntil(() => preview.pod.pids.length === 2, { what: 'the builder to be started again' });
  preview.changed(await app.write('src/greeting.ts', "export const greeting = 'Back';\n"));
  await isHeading(page, 'Back');
  expect(await text(page, 'button')).toBe('count 1');
  expect(preview.console.some(({ text: line }) => line.includes('The builder of the frontend ended'))).toBe(
    true,
  );
});

it('goes on when the companion comes back, and catches up on what it missed', async () => {
  const { page, comeBack } = await openAndLeave();
  await comeBack();
  await isHeading(page, 'Missed');
  expect(await text(page, 'button')).toBe('count 1');
});

it('catches up on what it missed and on what followed when it is back after its builder', async () => {
  const { app, page, comeBack } = await openAndLeave();
  // As one that pauses between its attempts, or on a machine that slept.
  await page.setOfflineMode(true);
  const again = await comeBack();
  await waitUntil(() => again.steps.includes('build:done'), { what: 'the builder to be ready' });
  again.changed(await app.replace('src/app.tsx', 'count {count}', 'now {count}'));
  await isHeading(await previews.open(again), 'Missed');
  await page.setOfflineMode(false);
  await isHeading(page, 'Missed');
  await page.waitForFunction(() => document.querySelector('button')?.textContent === 'now 1', {
    polling: 20,
  });
});
