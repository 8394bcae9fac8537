import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Recovery } from './recovery.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

test('a lost sandbox is started again at once while its engine answers', async () => {
  const restart = vi.fn(async () => {});
  const recovery = new Recovery({ isEngineUp: async () => true, restart, onWaiting: expect.fail });
  expect(await recovery.afterLoss()).toBe(true);
  expect(restart).toHaveBeenCalledOnce();
});

test('three losses in a minute are the last that are mended, and a quiet minute forgives them', async () => {
  const restart = vi.fn(async () => {});
  const recovery = new Recovery({ isEngineUp: async () => true, restart, onWaiting: expect.fail });
  for (let loss = 0; loss < 3; loss++) expect(await recovery.afterLoss()).toBe(true);
  expect(await recovery.afterLoss()).toBe(false);
  vi.advanceTimersByTime(61_000);
  expect(await recovery.afterLoss()).toBe(true);
  expect(restart).toHaveBeenCalledTimes(4);
});

test('a cancelled wait for the engine starts nothing, however long the engine takes', async () => {
  const restart = vi.fn(async () => {});
  let isUp = false;
  const waiting = Promise.withResolvers<void>();
  const recovery = new Recovery({ isEngineUp: async () => isUp, restart, onWaiting: waiting.resolve });
  const outcome = recovery.afterLoss();
  await waiting.promise;
  recovery.cancel();
  isUp = true;
  expect(await outcome).toBe(false);
  expect(restart).not.toHaveBeenCalled();
});
