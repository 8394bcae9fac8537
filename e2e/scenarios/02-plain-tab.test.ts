import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSample, type Sample, type SampleAttempt } from '../../companion/demo/create-sample.ts';
import { type Chromium, startChromium } from '../browsers/chromium.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { editHeading, Guestbook } from '../guestbook.ts';
import { Lifetime } from '../lifetime.ts';

const SEEDED_NOTES = 3;

const lifetime = new Lifetime();
let sample: Sample;
let companion: Companion;
let chromium: Chromium;

beforeAll(async () => {
  const directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-tab-')), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  sample = await createSample({ repository: join(directory, 'guestbook') });
  companion = lifetime.own(await startCompanion(), (started) => started.stop());
  chromium = lifetime.own(await startChromium(), (started) => started.stop());
});

afterAll(() => lifetime.end());

function attempt(overlay: string): SampleAttempt {
  const found = sample.attempts.find((candidate) => candidate.overlay === overlay);
  if (!found) throw new Error(`The sample has no attempt ${overlay}`);
  return found;
}

/** A preview in a tab of a browser context of its own, without extension or login. */
async function openPreview({
  worktree,
  title,
}: SampleAttempt): Promise<{ page: Page; id: string; url: string }> {
  const created = await companion.create({ taskId: title, agentId: 'test', worktree, title });
  const context = await chromium.browser.createBrowserContext();
  const page = await context.newPage();
  await page.goto(created.previewUrl);
  return { page, id: created.environmentId, url: created.previewUrl };
}

test('two attempts are previewed side by side, live and apart, and leave nothing', async () => {
  const warm = await openPreview(attempt('warm-cards'));
  const night = await openPreview(attempt('night-timeline'));
  const warmBook = new Guestbook(warm.page);
  const nightBook = new Guestbook(night.page);
  await warmBook.showsHeading('Harbour Café, by candlelight');
  await nightBook.showsHeading('Harbour Café after dark');
  await warmBook.showsNotes(SEEDED_NOTES);
  await nightBook.showsNotes(SEEDED_NOTES);

  // The ticket was swapped for a cookie and is out of the address; it opens nothing a second time.
  expect(warm.page.url()).not.toContain('ticket');
  const stranger = await (await chromium.browser.createBrowserContext()).newPage();
  const answer = await stranger.goto(warm.url);
  expect(answer?.status()).toBe(401);

  // The agent's next write arrives without a reload and with the half-written note still there.
  await warmBook.draft('Margaret', 'Written before the edit');
  await warmBook.mark();
  await editHeading(attempt('warm-cards').worktree, 'Edited by the agent');
  await warmBook.showsHeading('Edited by the agent');
  expect(await warmBook.drafted()).toBe('Written before the edit');
  expect(await warmBook.isMarked()).toBe(true);

  const styles = join(attempt('warm-cards').worktree, 'src/style.css');
  await writeFile(styles, (await readFile(styles, 'utf8')).replace('--accent: #c2571a', '--accent: #010203'));
  await warm.page.waitForFunction(
    () =>
      getComputedStyle(document.querySelector('form button') as Element).backgroundColor === 'rgb(1, 2, 3)',
  );
  expect(await warmBook.drafted()).toBe('Written before the edit');

  // What one attempt stores, the other never sees.
  await warmBook.send();
  await warmBook.showsNote('Written before the edit');
  await warmBook.showsNotes(SEEDED_NOTES + 1);
  await night.page.reload();
  await nightBook.showsNotes(SEEDED_NOTES);
  expect(await nightBook.noteTexts()).not.toContain('Written before the edit');
  await warm.page.reload();
  await warmBook.showsNotes(SEEDED_NOTES + 1);

  await companion.terminate(warm.id);
  await companion.terminate(night.id);
  expect(await companion.leftovers()).toEqual([]);
});

test('a syntax error keeps the last good page and heals on the next save', async () => {
  const { worktree } = attempt('night-timeline');
  const file = join(worktree, 'src/App.tsx');
  const good = await readFile(file, 'utf8');
  const { page, id } = await openPreview(attempt('night-timeline'));
  const book = new Guestbook(page);
  await book.showsHeading('Harbour Café after dark');
  await book.draft('Alan', 'Kept');

  await writeFile(file, good.replace('<main>', '<main'));
  await page.waitForFunction(() => document.body.textContent?.includes('App.tsx'));
  await writeFile(file, good.replace('after dark', 'after the mistake'));
  await book.showsHeading('Harbour Café after the mistake');
  expect(await book.drafted()).toBe('Kept');
  await writeFile(file, good);
  await companion.terminate(id);
});
