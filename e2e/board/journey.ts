import { expect } from 'vitest';
import { EXTENSION_FOR_CHROMIUM, startChromium } from '../browsers/chromium.ts';
import { installNativeHostFor } from '../browsers/native-host.ts';
import type { Companion } from '../companion.ts';
import { Desktop } from '../desktop.ts';
import { startDisplay } from '../display.ts';
import { Guestbook } from '../guestbook.ts';
import type { Lifetime } from '../lifetime.ts';
import { HEADINGS, SEEDED_NOTES } from '../sample.ts';
import { waitUntil } from '../wait-until.ts';
import { BoardPage } from './board-page.ts';
import { type BoardTask, startVibeKanban, type VibeKanban } from './vibe-kanban.ts';

export interface BoardStage {
  board: VibeKanban;
  projectUrl: string;
  warm: BoardTask;
  night: BoardTask;
  view: BoardPage;
}

/** A real board with two attempted tasks, and Chromium with the extension on a display of its own. */
export async function setStage(
  lifetime: Lifetime,
  companion: Companion,
  repository: string,
): Promise<BoardStage> {
  const board = lifetime.own(await startVibeKanban(), (started) => started.stop());
  const project = await board.createProject('Guestbook', repository);
  const warm = await board.attemptTask(project, 'Warm cards', 'Apply the overlay `warm-cards`.');
  const night = await board.attemptTask(project, 'Night timeline', 'Apply the overlay `night-timeline`.');
  const display = lifetime.own(await startDisplay(), (started) => started.stop());
  const chromium = lifetime.own(
    await startChromium({
      extension: EXTENSION_FOR_CHROMIUM,
      display,
      env: { VITRINE_HOME: companion.home },
      prepareProfile: (profile) => installNativeHostFor(companion.home, { chromiumProfile: profile }),
    }),
    (started) => started.stop(),
  );
  const [page] = await chromium.browser.pages();
  if (!page) throw new Error('Chromium has no tab');
  const view = new BoardPage(page, new Desktop(display));
  return { board, projectUrl: board.projectUrl(project), warm, night, view };
}

/** What a person does with two cards of a board, from the first right-click to the end of both previews. */
export async function previewTwoTasks(
  { board, projectUrl, warm, night, view }: BoardStage,
  companion: Companion,
) {
  await view.open(projectUrl);
  await view.previewCard(warm.title);
  const warmId = await environmentOf(companion, warm);
  const { origin: warmOrigin } = await companion.running(warmId);
  let book = new Guestbook(await view.app(warmOrigin));
  await book.showsHeading(HEADINGS['warm-cards']);
  await book.showsNotes(SEEDED_NOTES);

  // The agent goes on working: the page follows, and what the person was typing stays.
  await book.draft('Ada', 'Typed while the agent worked');
  await book.mark();
  await board.followUp(
    warm,
    `In \`src/App.tsx\`, replace \`${HEADINGS['warm-cards']}\` with \`Reworked by the agent\`.`,
  );
  await book.showsHeading('Reworked by the agent');
  expect(await book.drafted()).toBe('Typed while the agent worked');
  expect(await book.isMarked()).toBe(true);

  await book.send();
  await book.showsNotes(SEEDED_NOTES + 1);
  expect(await book.noteTexts()).toContain('Typed while the agent worked');

  await view.previewCard(night.title);
  const nightId = await environmentOf(companion, night);
  const { origin: nightOrigin } = await companion.running(nightId);
  const nightBook = new Guestbook(await view.app(nightOrigin));
  await nightBook.showsHeading(HEADINGS['night-timeline']);
  await nightBook.showsNotes(SEEDED_NOTES);
  expect(await nightBook.noteTexts()).not.toContain('Typed while the agent worked');

  // The board is reloaded: the panel is there again with the task it showed.
  await view.page.reload({ waitUntil: 'domcontentloaded' });
  book = new Guestbook(await view.app(nightOrigin));
  await book.showsHeading(HEADINGS['night-timeline']);

  // One ends by the person's click, when it was not undone for a while, the other by the API; nothing is left of either but the worktrees.
  const panel = await view.panel();
  await panel.locator('::-p-aria([name="Stop"][role="button"])').click();
  await waitUntil(async () => !(await companion.environments()).some(({ id }) => id === nightId), {
    what: 'the stopped preview to go',
  });
  await companion.terminate(warmId);
  await companion.hasNothingLeft();
}

async function environmentOf(companion: Companion, task: BoardTask): Promise<string> {
  const { id } = await waitUntil(
    async () => (await companion.environments()).find(({ taskId }) => taskId === task.taskId),
    { what: `an environment of "${task.title}"` },
  );
  return id;
}
