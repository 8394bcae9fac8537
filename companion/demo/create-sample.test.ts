import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSample, type Sample } from './create-sample.ts';
import { git } from './git.ts';
import { listOverlays, SAMPLE_TASKS } from './sample-files.ts';

const INSTALL_DEADLINE_MS = 180_000;

let directory: string;
let sample: Sample;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vitrine-sample-'));
  sample = await createSample({ repository: join(directory, 'guestbook') });
}, INSTALL_DEADLINE_MS);

afterAll(() => rm(directory, { recursive: true, force: true }));

test('the sample is a clean repository with one worktree and branch for each task', async () => {
  expect(await git(sample.repository, ['status', '--porcelain'])).toBe('');
  const worktrees = await git(sample.repository, ['worktree', 'list', '--porcelain']);
  expect(sample.attempts).toHaveLength(2);
  for (const { worktree, branch } of sample.attempts) {
    expect(worktrees).toContain(`branch refs/heads/${branch}`);
    expect(await git(worktree, ['status', '--porcelain'])).toBe('');
    expect(await git(worktree, ['diff', '--stat', 'main'])).toContain('src/App.tsx');
  }
});

test('every overlay on disk belongs to a task', async () => {
  expect((await listOverlays()).sort()).toEqual(SAMPLE_TASKS.map(({ overlay }) => overlay).sort());
});

test('the database template is filled from the committed schema and seed', () => {
  const database = new DatabaseSync(join(sample.repository, 'data/guestbook.sqlite'), { readOnly: true });
  expect(database.prepare('SELECT author FROM notes ORDER BY id').all()).toEqual([
    { author: 'Ada' },
    { author: 'Linus' },
    { author: 'Grace' },
  ]);
  database.close();
});

test('the lock file names no registry', async () => {
  expect(await readFile(join(sample.repository, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
});

test('a second call keeps what the person changed and brings back what is missing', async () => {
  const [kept, lost] = sample.attempts;
  if (!kept || !lost) throw new Error('Expected two attempts');
  await writeFile(join(kept.worktree, 'src/note.txt'), 'mine');
  await rm(lost.worktree, { recursive: true });
  await createSample({ repository: sample.repository });
  expect(await readFile(join(kept.worktree, 'src/note.txt'), 'utf8')).toBe('mine');
  expect(await readdir(join(lost.worktree, 'src'))).toContain('App.tsx');
  expect(await git(lost.worktree, ['status', '--porcelain'])).toBe('');
});

test('an interrupted making leaves nothing that looks complete', async () => {
  const repository = join(directory, 'interrupted');
  await expect(createSample({ repository, signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow(
    'stop',
  );
  await expect(stat(repository)).rejects.toThrow('ENOENT');
});
