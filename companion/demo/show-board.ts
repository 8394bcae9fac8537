import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { VitrineError } from '#shared/errors.ts';
import { startVibeKanban } from '../../e2e/board/vibe-kanban.ts';
import { EXTENSION_FOR_CHROMIUM, startChromium } from '../../e2e/browsers/chromium.ts';
import { installNativeHostFor } from '../../e2e/browsers/native-host.ts';
import { Lifetime } from '../../e2e/lifetime.ts';
import { call } from '../cli/call.ts';
import type { CompanionRecord } from '../native-host/find-companion.ts';
import { stateDirectory } from '../storage/state-directory.ts';
import { SAMPLE_TASKS } from './sample-files.ts';

export interface ShowBoardOptions {
  companion: CompanionRecord;
  repository: string;
  signal?: AbortSignal;
}

/** Starts a board on the sample whose agent is scripted, and Chromium on it; returns when the person is done. */
export async function showBoard({ companion, repository, signal }: ShowBoardOptions): Promise<void> {
  await requireExtension();
  const lifetime = new Lifetime();
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, interrupt);
  const over = AbortSignal.any([interrupted.signal, ...(signal ? [signal] : [])]);
  try {
    console.log('Starting Vibe Kanban (the first time, this downloads 138 MB) …');
    const board = lifetime.own(await startVibeKanban({ signal: over }), (started) => started.stop());
    const project = await board.createProject('Guestbook', repository);
    for (const { title, description, overlay } of SAMPLE_TASKS) {
      await board.attemptTask(project, title, `${description} Apply the overlay \`${overlay}\`.`);
    }
    await call(companion, 'POST', '/api/boards', { url: board.url });
    lifetime.own(board.url, (url) => call(companion, 'DELETE', '/api/boards', { url }));
    console.log(`Board: ${board.projectUrl(project)}`);
    await showInChromium(board.projectUrl(project), lifetime, over);
  } catch (thrown) {
    if (!over.aborted) throw thrown;
  } finally {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, interrupt);
    await lifetime.end();
  }
}

async function showInChromium(url: string, lifetime: Lifetime, over: AbortSignal): Promise<void> {
  const name = process.env.DISPLAY;
  if (!name) {
    console.log('There is no display to show Chromium on. Ctrl-C ends the board.');
    await untilAborted(over);
    return;
  }
  const chromium = lifetime.own(
    await startChromium({
      extension: EXTENSION_FOR_CHROMIUM,
      display: { name },
      env: { VITRINE_HOME: stateDirectory() },
      prepareProfile: (profile) => installNativeHostFor(stateDirectory(), { chromiumProfile: profile }),
    }),
    (started) => started.stop(),
  );
  const [page] = await chromium.browser.pages();
  await page?.goto(url);
  console.log('Right-click a card and choose "Preview this task". Closing the window ends the board.');
  const closed = new Promise<void>((done) => chromium.browser.once('disconnected', () => done()));
  await Promise.race([closed, untilAborted(over)]);
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done, { once: true }));
}

async function requireExtension(): Promise<void> {
  const manifest = resolve(EXTENSION_FOR_CHROMIUM, 'manifest.json');
  await access(manifest).catch((cause) => {
    throw new VitrineError({
      code: 'EXTENSION_NOT_BUILT',
      message: `The extension is not built: there is no ${manifest}.`,
      remedy: 'Run "npm run build" first.',
      cause,
    });
  });
}
