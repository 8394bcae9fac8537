import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SampleAttempt } from '../../companion/demo/create-sample.ts';
import { type Chromium, startChromium } from '../browsers/chromium.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { editHeading, Guestbook } from '../guestbook.ts';
import { Lifetime } from '../lifetime.ts';
import { HEADINGS, makeSample, SEEDED_NOTES, type TestSample } from '../sample.ts';

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
  const warm = await openPreview(sample.attempt('warm-cards'));
  const night = await openPreview(sample.attempt('night-timeline'));
  const warmBook = new Guestbook(warm.page);
  const nightBook = new Guestbook(night.page);
  await warmBook.showsHeading(HEADINGS['warm-cards']);
  await nightBook.showsHeading(HEADINGS['night-timeline']);
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
  await editHeading(sample.attempt('warm-cards').worktree, 'Edited by the agent');
  await warmBook.showsHeading('Edited by the agent');
  expect(await warmBook.drafted()).toBe('Written before the edit');
  expect(await warmBook.isMarked()).toBe(true);

  const styles = join(sample.attempt('warm-cards').worktree, 'src/style.css');
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
  await companion.hasNothingLeft();
});

test('a syntax error keeps the last good page and heals on the next save', async () => {
  const { worktree } = sample.attempt('night-timeline');
  const file = join(worktree, 'src/App.tsx');
  const good = await readFile(file, 'utf8');
  const { page, id } = await openPreview(sample.attempt('night-timeline'));
  const book = new Guestbook(page);
  await book.showsHeading(HEADINGS['night-timeline']);
  await book.draft('Alan', 'Kept');

  await writeFile(file, good.replace('<main>', '<main'));
  const notice = await page.waitForSelector('vite-error-overlay >>> .window');
  expect(await notice?.evaluate((element) => element.textContent)).toContain('src/App.tsx');
  await writeFile(file, good.replace('after dark', 'after the mistake'));
  await book.showsHeading('Harbour Café after the mistake');
  expect(await book.drafted()).toBe('Kept');
  expect(await page.$('vite-error-overlay')).toBeNull();
  await writeFile(file, good);
  await companion.terminate(id);
});
