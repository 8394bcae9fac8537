import { rename } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chromium, startChromium } from '../browsers/chromium.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { Guestbook } from '../guestbook.ts';
import { processesNaming } from '../leftovers.ts';
import { Lifetime } from '../lifetime.ts';
import { HEADINGS, makeSample, SEEDED_NOTES, type TestSample } from '../sample.ts';
import { waitUntil } from '../wait-until.ts';

const lifetime = new Lifetime();
let sample: TestSample;
let companion: Companion;
let chromium: Chromium;

beforeAll(async () => {
  sample = await makeSample(lifetime);
  companion = lifetime.own(await startCompanion(), (started) => started.stop());
  chromium = lifetime.own(await startChromium(), (started) => started.stop());
});

afterAll(() => lifetime.end());

/** Backends of the sample that run for this companion. */
async function backends(): Promise<number> {
  const all = await processesNaming(companion.home);
  return all.filter(({ command }) => /^\S*node\S* .*server\/main\.ts/.test(command)).length;
}

test('after SIGKILL and a restart every environment is there again once, with its data', async () => {
  const ids: string[] = [];
  for (const { worktree, title } of sample.attempts) {
    const { environmentId } = await companion.create({ taskId: title, agentId: 'test', worktree, title });
    ids.push(environmentId);
    await companion.running(environmentId);
  }
  const [first = ''] = ids;
  const page = await chromium.browser.newPage();
  await page.goto((await companion.environment(first)).previewUrl);
  const book = new Guestbook(page);
  await book.showsNotes(SEEDED_NOTES);
  await book.draft('Grace', 'Stored before the crash');
  await book.send();
  await book.showsNotes(SEEDED_NOTES + 1);
  expect(await backends()).toBe(2);

  await companion.kill();
  await companion.restart();

  expect((await companion.environments()).map(({ id }) => id).sort()).toEqual([...ids].sort());
  for (const id of ids) await companion.running(id);
  expect(await backends()).toBe(2);

  // The tab that was open all the time: its cookie and its address still hold.
  await page.reload();
  await book.showsHeading(HEADINGS['warm-cards']);
  await book.showsNotes(SEEDED_NOTES + 1);
  expect(await book.noteTexts()).toContain('Stored before the crash');

  for (const id of ids) await companion.terminate(id);
  await waitUntil(async () => (await backends()) === 0, { what: 'the backends to end' });
  await companion.hasNothingLeft();
});

test('an environment whose worktree went while the companion was dead is cleanly failed or gone', async () => {
  const { worktree } = sample.attempt('night-timeline');
  const { environmentId } = await companion.create({ taskId: 'vanishing', agentId: 'test', worktree });
  await companion.running(environmentId);
  await companion.kill();
  await rename(worktree, `${worktree}-away`);
  await companion.restart();
  const known = (await companion.environments()).some(({ id }) => id === environmentId);
  if (known) {
    const { status, failure } = await companion.settled(environmentId);
    expect({ status, code: failure?.code }).toEqual({ status: 'failed', code: 'WORKTREE_MISSING' });
    await companion.terminate(environmentId);
  }
  await companion.hasNothingLeft();
});
