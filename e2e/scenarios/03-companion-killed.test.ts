import { rename } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHROME_EXTENSION_ID } from '#shared/extension/identity.ts';
import { type Chromium, EXTENSION_FOR_CHROMIUM, startChromium } from '../browsers/chromium.ts';
import { installNativeHostFor } from '../browsers/native-host.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { Guestbook } from '../guestbook.ts';
import { processesNaming } from '../leftovers.ts';
import { Lifetime } from '../lifetime.ts';
import { HEADINGS, makeSample, SEEDED_NOTES, type TestSample } from '../sample.ts';
import { waitUntil } from '../wait-until.ts';

const RECONNECT_DEADLINE_MS = 30_000;
const NAVIGATION = { accept: 'text/html', 'sec-fetch-dest': 'document' };

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
  return all.filter(({ command }) => /^\S*node\S* .*server\/main\.js/.test(command)).length;
}

/** How a preview's page is answered while something goes on; and once more behind it. */
async function pagesUntil(over: Promise<void>, id: string): Promise<Set<number>> {
  const answers = new Set<number>();
  const ask = async () =>
    answers.add((await companion.request(id, { path: '/', headers: NAVIGATION })).status);
  let isOver = false;
  const ending = over.finally(() => {
    isOver = true;
  });
  while (!isOver) await Promise.all([ask().catch(() => undefined), delay(1)]); // nobody listens yet
  await ending;
  await ask();
  return answers;
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
  const answers = await pagesUntil(companion.restart(), first);
  // It is starting, or there: never one that nobody knows.
  expect([...answers].filter((status) => status !== 503)).toEqual([200]);

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

test('the extension finds the companion again by itself', async () => {
  const withExtension = lifetime.own(
    await startChromium({
      extension: EXTENSION_FOR_CHROMIUM,
      env: { VITRINE_HOME: companion.home },
      prepareProfile: (profile) => installNativeHostFor(companion.home, { chromiumProfile: profile }),
    }),
    (started) => started.stop(),
  );
  const workbench = await withExtension.browser.newPage();
  await companion.addRepository(sample.repository);
  await workbench.goto(`chrome-extension://${CHROME_EXTENSION_ID}/workbench.html`);
  await workbench.waitForSelector('::-p-text(warm-cards)');

  await companion.kill();
  // The native messaging host may be the one that starts it: nobody has to.
  await companion.restart();

  // What happens now reaches the page that was open all the time.
  const { worktree } = sample.attempt('warm-cards');
  const { environmentId } = await companion.create({ taskId: 'later', agentId: 'test', worktree });
  const shown = () => workbench.evaluate(() => document.body.textContent);
  await workbench
    .waitForSelector('[aria-label^="Stop the preview of warm-cards"]', { timeout: RECONNECT_DEADLINE_MS })
    .catch(async (cause) => {
      throw new Error(`The workbench shows: ${await shown()}`, { cause });
    });
  await companion.terminate(environmentId);
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
