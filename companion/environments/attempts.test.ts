import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { FakeBoard } from '../boards/fake-board.ts';
import { Registry } from '../storage/registry.ts';
import { Attempts } from './attempts.ts';

it('says of a board that answers too slowly that it does', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'vitrine-attempts-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const registry = await Registry.open(join(directory, 'registry.sqlite'));
  onTestFinished(() => registry.close());
  const board = new FakeBoard();
  const origin = await board.start();
  onTestFinished(() => board.stop());
  board.answers.set('/api/health', { data: 'OK' });
  board.answers.set('/api/workspaces', () => {}); // never
  await registry.addSource('board', origin);

  const attempts = new Attempts(registry, { deadlineMs: 500 });
  const noEnvironments = { findByWorktree: () => undefined };
  const { sources } = await attempts.list(noEnvironments, AbortSignal.timeout(20_000));
  expect(sources).toMatchObject([
    {
      location: origin,
      failure: {
        code: 'BOARD_UNREACHABLE',
        message: `The board at ${origin} did not answer within 0.5 seconds.`,
      },
    },
  ]);
});
