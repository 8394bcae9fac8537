import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Environment, EnvironmentStatus } from '#shared/api/environment.ts';
import { makeEnvironment } from '../testing/sample-data.ts';
import { followNews } from './notifier.ts';

let environments: ReturnType<typeof signal<ReadonlyMap<string, Environment> | undefined>>;
let isLookedAt: boolean;
let told: string[];
let shown: string[];
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  environments = signal<ReadonlyMap<string, Environment> | undefined>(undefined);
  isLookedAt = false;
  told = [];
  shown = [];
  stop = followNews({
    environments,
    isLookedAt: () => isLookedAt,
    isShown: (id) => id === 'shown',
    notify: ({ id, title, body, onClick }) => {
      told.push(`${id}: ${title} / ${body}`);
      onClick();
    },
    announce: (message) => void told.push(`here: ${message}`),
    show: (id) => shown.push(id),
    showAll: () => shown.push('all'),
  });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

function become(statuses: Record<string, EnvironmentStatus>, title = 'Cart'): void {
  environments.value = new Map(
    Object.entries(statuses).map(([id, status]) => [
      id,
      makeEnvironment({ id, status, title, origin: 'http://x.localhost' }),
    ]),
  );
}

test('tells somebody who looks elsewhere, once, by name, and leads there', () => {
  become({ a: 'initializing' });
  become({ a: 'running' }, '\u202e<b>Cart</b>');
  become({ a: 'running' });
  vi.runAllTimers();
  expect(told).toEqual(['a: Preview ready / <b>Cart</b>']);
  expect(shown).toEqual(['a']);
});

test('says it in the workbench to somebody who looks at it, save for what they look at', () => {
  isLookedAt = true;
  become({ shown: 'initializing', a: 'running' });
  become({ shown: 'running', a: 'failed' });
  vi.runAllTimers();
  expect(told).toEqual(['here: “Cart” crashed.']);
});

test('does not pile up: many at once are one, and what was there at the start is none', () => {
  const all = (status: EnvironmentStatus) =>
    Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`e${index}`, status]));
  become(all('running'));
  vi.runAllTimers();
  expect(told).toEqual([]);
  become({ ...all('failed'), ...{ e0: 'running' } });
  vi.runAllTimers();
  expect(told).toEqual(['many: Previews / 0 ready, 49 failed.']);
  expect(shown).toEqual(['all']);
});
