import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PendingEnds, UNDO_MS } from './pending-ends.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('ends what nobody took back in time, once', () => {
  const ended: string[] = [];
  const pending = new PendingEnds((id) => ended.push(id), new AbortController().signal);
  pending.schedule(['a', 'b']);
  pending.schedule(['a']);
  vi.advanceTimersByTime(UNDO_MS - 1);
  expect(ended).toEqual([]);
  pending.undo(['b']);
  vi.advanceTimersByTime(UNDO_MS);
  expect(ended).toEqual(['a']);
  expect(pending.ids.value.size).toBe(0);
});

it('ends nothing after the page was left', () => {
  const ended: string[] = [];
  const abort = new AbortController();
  const pending = new PendingEnds((id) => ended.push(id), abort.signal);
  pending.schedule(['a']);
  abort.abort();
  vi.advanceTimersByTime(2 * UNDO_MS);
  expect(ended).toEqual([]);
});
