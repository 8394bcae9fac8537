import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { watchWorktree } from './watch.ts';

const PROGRAM = join(import.meta.dirname, 'testing/print-changes.ts');
/** More than the system keeps for one reader unless told otherwise (16,384 news, two a file). */
const FLOOD = 12_000;

async function place(): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-limits-')));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  await mkdir(join(directory, 'src'));
  return directory;
}

test('what happened while nobody listened is told, though the system lost most of its news', async () => {
  const worktree = await place();
  await writeFile(join(worktree, 'src/gone.ts'), '1');
  const missing = new Set(Array.from({ length: FLOOD }, (_each, index) => `src/${index}.ts`));
  // A file that is gone is told by itself or by its directory.
  let isGoneTold = false;
  const all = Promise.withResolvers<void>();
  const watch = watchWorktree(worktree, {
    onChange: (paths) => {
      for (const path of paths) {
        const way = path.slice(worktree.length + 1);
        missing.delete(way);
        isGoneTold ||= way === 'src/gone.ts' || way === 'src';
      }
      if (missing.size === 0 && isGoneTold) all.resolve();
    },
    onRemoved: () => undefined,
    onDegraded: () => undefined,
  });
  onTestFinished(() => watch.close());
  await watch.ready;
  const write = `for (let i = 0; i < ${FLOOD}; i++) require('fs').writeFileSync(process.argv[1] + '/' + i + '.ts', 'x');`;
  // This process sleeps meanwhile, as one on a machine that is busy or was suspended.
  execFileSync(process.execPath, [
    '-e',
    `${write} require('fs').rmSync(process.argv[1] + '/gone.ts')`,
    join(worktree, 'src'),
  ]);
  await all.promise;
}, 60_000);

test.runIf(process.platform === 'linux')(
  'without file watches left it says so, and finds changes all the same',
  async () => {
    const worktree = await place();
    for (let index = 0; index < 30; index += 1) await mkdir(join(worktree, `src/${index}`));
    await writeFile(join(worktree, 'src/29/app.ts'), '1');
    // In a user namespace of its own the limit is nobody else's.
    const few = 'echo 10 > /proc/sys/user/max_inotify_watches && exec "$@"';
    const child = spawn(
      'unshare',
      ['--map-root-user', 'sh', '-c', few, 'sh', process.execPath, PROGRAM, worktree],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    const ended = once(child, 'exit');
    onTestFinished(async () => {
      child.stdin.end();
      await ended;
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const until = async (isIt: (line: string) => boolean) => {
      for (let next = await lines.next(); !next.done; next = await lines.next())
        if (isIt(next.value)) return next.value;
      throw new Error('It ended.');
    };
    expect(await until((line) => line.includes('degraded'))).toContain('fs.inotify.max_user_watches');
    const writing = setInterval(
      () => void writeFile(join(worktree, 'src/29/app.ts'), String(Date.now())),
      300,
    );
    onTestFinished(() => clearInterval(writing));
    expect(await until((line) => line.includes('changed'))).toContain('src/29/app.ts');
  },
  60_000,
);
