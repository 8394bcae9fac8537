import { join } from 'node:path';
import { z } from 'zod';
import { call, reachCompanion } from '../cli/call.ts';
import { stateDirectory } from '../storage/state-directory.ts';
import { createSample } from './create-sample.ts';
import { openInBrowser } from './open-in-browser.ts';

export interface DemoOptions {
  /** Also starts a real Vibe Kanban on the sample, and Chromium with the extension; returns when they are closed. */
  board?: boolean;
  /** False leaves the workbench's link to be opened by hand. */
  open?: boolean;
  signal?: AbortSignal;
}

const linkSchema = z.object({ url: z.url() });

/** Makes the sample below the state directory, starts or finds the companion, and opens the workbench on it. */
export async function runDemo({ board = false, open = true, signal }: DemoOptions = {}): Promise<void> {
  const repository = join(stateDirectory(), 'sample', 'guestbook');
  const sample = await createSample({
    repository,
    signal,
    onProgress: (sentence) => console.log(`${sentence} …`),
  });
  const companion = await reachCompanion();
  await call(companion, 'POST', '/api/repositories', { path: sample.repository });
  const workbenchLink = async () => linkSchema.parse(await call(companion, 'POST', '/api/login-ticket')).url;

  console.log(`The sample: ${sample.repository}`);
  for (const { title, branch } of sample.attempts) console.log(`  ${branch}: ${title}`);
  console.log(`Workbench: ${await workbenchLink()}`);
  console.log('The link works once, for a minute; "npm run vitrine -- open" prints a fresh one.');
  console.log('The companion goes on in the background; "npm run vitrine -- quit" ends it.');

  if (board) {
    // Only here, because it needs the end-to-end tests' own dependencies.
    const { showBoard } = await import('./show-board.ts');
    await showBoard({ companion, repository: sample.repository, signal });
  } else if (open) {
    // A link of its own, so that the printed one is still good.
    await openInBrowser(await workbenchLink());
  }
}
