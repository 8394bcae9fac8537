import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DatabaseSpec, DatabaseUsage } from '../databases/database.ts';
import { DatabaseQuota } from './database-quota.ts';

const MB = 1024 * 1024;
// Only the name of the environment is looked at.
const spec = { environmentId: 'blue' } as DatabaseSpec;
let quota: DatabaseQuota;
let isRunning: boolean;

beforeEach(() => {
  isRunning = true;
});
afterEach(() => quota.close());

function watch(usages: (DatabaseUsage | null | Error)[]) {
  const onExceeded = vi.fn();
  const asked = vi.fn(async () => {
    const usage = usages.shift() ?? null;
    if (usage instanceof Error) throw usage;
    return usage;
  });
  quota = new DatabaseQuota({
    provider: { usage: asked },
    spec,
    limitMb: 10,
    isRunning: () => isRunning,
    onExceeded,
    intervalMs: 2,
  });
  return { onExceeded, asked };
}

test('a database that outgrows the limit together with its snapshots is told of once, with what to do', async () => {
  const within = { bytes: 6 * MB, snapshotBytes: 4 * MB };
  const above = { bytes: 6 * MB, snapshotBytes: 4 * MB + 1 };
  const { onExceeded, asked } = watch([within, above, above]);
  await vi.waitFor(() => expect(onExceeded).toHaveBeenCalled());
  expect(asked).toHaveBeenCalledTimes(2);
  expect(onExceeded.mock.calls).toEqual([
    [
      {
        code: 'DATABASE_TOO_LARGE',
        message: expect.stringContaining('11 MB, more than the 10 MB'),
        remedy: expect.stringContaining('vitrine db reset blue'),
      },
    ],
  ]);
});

test('a server that does not answer, or has no such database, is asked again', async () => {
  const { onExceeded } = watch([new Error('starting'), null, { bytes: 11 * MB, snapshotBytes: 0 }]);
  await vi.waitFor(() => expect(onExceeded).toHaveBeenCalledOnce());
});

test('nothing is told after the end', async () => {
  const answer = Promise.withResolvers<DatabaseUsage>();
  const onExceeded = vi.fn();
  const usage = vi.fn(() => answer.promise);
  quota = new DatabaseQuota({
    provider: { usage },
    spec,
    limitMb: 10,
    isRunning: () => isRunning,
    onExceeded,
    intervalMs: 2,
  });
  await vi.waitFor(() => expect(usage).toHaveBeenCalledOnce());
  quota.close();
  answer.resolve({ bytes: 11 * MB, snapshotBytes: 0 });
  await answer.promise;
  await Promise.resolve();
  expect(onExceeded).not.toHaveBeenCalled();
});

test('the server of a suspended preview is left alone', async () => {
  isRunning = false;
  const { asked } = watch([]);
  // As many looks as would have been taken.
  const others = vi.fn();
  const timer = setInterval(others, 2);
  await vi.waitFor(() => expect(others.mock.calls.length).toBeGreaterThan(5));
  expect(asked).not.toHaveBeenCalled();
  isRunning = true;
  await vi.waitFor(() => expect(asked).toHaveBeenCalled());
  clearInterval(timer);
});
