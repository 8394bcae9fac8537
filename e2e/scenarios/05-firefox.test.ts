import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BoardTask, startVibeKanban, type VibeKanban } from '../board/vibe-kanban.ts';
import { EXTENSION_FOR_FIREFOX, type Firefox, type Place, startFirefox } from '../browsers/firefox.ts';
import { installNativeHostFor } from '../browsers/native-host.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { Lifetime } from '../lifetime.ts';
import { HEADINGS, makeSample } from '../sample.ts';
import { waitUntil } from '../wait-until.ts';

const APP_DEADLINE_MS = 60_000;

const lifetime = new Lifetime();
let companion: Companion;
let board: VibeKanban;
let task: BoardTask;
let firefox: Firefox;

beforeAll(async () => {
  const { repository } = await makeSample(lifetime, { attempts: false });
  companion = lifetime.own(await startCompanion(), (started) => started.stop());
  board = lifetime.own(await startVibeKanban(), (started) => started.stop());
  const project = await board.createProject('Guestbook', repository);
  task = await board.attemptTask(project, 'Warm cards', 'Apply the overlay `warm-cards`.');
  const home = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-home-')), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  await installNativeHostFor(companion.home, { home });
  firefox = lifetime.own(
    await startFirefox({ extension: EXTENSION_FOR_FIREFOX, home, env: { VITRINE_HOME: companion.home } }),
    (started) => started.stop(),
  );
});

afterAll(() => lifetime.end());

const DRAFT = `return document.querySelector('textarea[name=text]')?.value`;
const TYPE_DRAFT = `
  const field = document.querySelector('textarea[name=text]');
  field.focus();
  document.execCommand('insertText', false, 'Typed in Firefox');
  return field.value;`;

async function showsHeading(place: Place, origin: string, heading: string): Promise<void> {
  const read = () => firefox.inFrame(place, `${origin}/`, `return document.querySelector('h1')?.textContent`);
  await waitUntil(async () => (await read()) === heading, {
    what: `"${heading}" in the ${place}`,
    deadlineMs: APP_DEADLINE_MS,
  });
}

/** Where a card's title is in the viewport. */
async function cardPlace(title: string): Promise<{ x: number; y: number }> {
  const find = `
    const card = [...document.querySelectorAll('h4')].find((heading) => heading.textContent.includes(arguments[0]));
    if (!card) return null;
    const { x, y, height } = card.getBoundingClientRect();
    return { x: x + 20, y: y + height / 2 };`;
  return (await waitUntil(() => firefox.inPage(find, title), { what: `the card "${title}"` })) as {
    x: number;
    y: number;
  };
}

test('a card is previewed beside the board and in the sidebar, and both follow the agent', async () => {
  await firefox.navigate(board.projectUrl(task.projectId));
  const { x, y } = await cardPlace(task.title);
  await firefox.rightClick(x, y);
  await firefox.chooseMenuItem('Preview this task');

  const { id, origin } = await waitUntil(async () => (await companion.environments())[0], {
    what: 'an environment of the card',
    deadlineMs: APP_DEADLINE_MS,
  });
  await companion.running(id);
  await showsHeading('tab', origin, HEADINGS['warm-cards']);

  // Firefox opens the sidebar of a new extension by itself: what is tested is that the button does.
  if ((await firefox.addresses('sidebar')).length > 0) {
    await firefox.clickToolbarButton();
    await waitUntil(async () => (await firefox.addresses('sidebar')).length === 0, {
      what: 'the sidebar to close',
    });
  }
  await firefox.clickToolbarButton();
  await waitUntil(
    async () =>
      (await firefox.addresses('sidebar')).some((address) =>
        address.startsWith(`${firefox.extensionOrigin}/`),
      ),
    { what: 'the sidebar' },
  );
  await showsHeading('sidebar', origin, HEADINGS['warm-cards']);

  expect(await firefox.inFrame('sidebar', `${origin}/`, TYPE_DRAFT)).toBe('Typed in Firefox');
  await board.followUp(task, `In \`src/App.tsx\`, replace \`${HEADINGS['warm-cards']}\` with \`Reworked\`.`);
  await showsHeading('sidebar', origin, 'Reworked');
  await showsHeading('tab', origin, 'Reworked');
  expect(await firefox.inFrame('sidebar', `${origin}/`, DRAFT)).toBe('Typed in Firefox');

  await companion.terminate(id);
  await companion.hasNothingLeft();
});
