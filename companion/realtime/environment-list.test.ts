import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EnvironmentStatus } from '#shared/api/environment.ts';
import { followList } from './environment-list.ts';

/** Longer than any time in which changes are gathered. */
const LONG_MS = 1_000;

let record: { id: string; status: EnvironmentStatus };
let title: string;
let changed: () => void;
let told: unknown[];
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  record = { id: 'cart', status: 'initializing' };
  title = 'Cart';
  told = [];
  changed = () => {};
  stop = followList(
    {
      list: () => [{ record, view: () => `${title} is ${record.status}` }],
      onChange: (listener) => {
        changed = listener;
        return () => {
          changed = () => {};
        };
      },
    },
    (text) => told.push(...JSON.parse(text).environments),
  );
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

function become(status: EnvironmentStatus): void {
  record.status = status;
  changed();
}

test('the list is told at once', () => {
  expect(told).toEqual(['Cart is initializing']);
});

test('every status is told, also one that holds for a moment only', () => {
  become('running');
  become('initializing');
  become('running');
  expect(told.slice(1)).toEqual(['Cart is running', 'Cart is initializing', 'Cart is running']);
  vi.advanceTimersByTime(LONG_MS);
  expect(told).toHaveLength(4);
});

test('many other changes are told together', () => {
  for (let at = 1; at <= 50; at += 1) {
    title = `Cart ${at}`;
    changed();
  }
  expect(told).toHaveLength(1);
  vi.advanceTimersByTime(LONG_MS);
  expect(told).toEqual(['Cart is initializing', 'Cart 50 is initializing']);
});

test('what changed before a status is told with it, not again', () => {
  title = 'Login';
  changed();
  become('failed');
  vi.advanceTimersByTime(LONG_MS);
  expect(told.slice(1)).toEqual(['Login is failed']);
});

test('nothing is told after the end', () => {
  title = 'Login';
  changed();
  stop();
  vi.advanceTimersByTime(LONG_MS);
  expect(told).toHaveLength(1);
});
