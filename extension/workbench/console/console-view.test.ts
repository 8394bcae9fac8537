import { signal } from '@preact/signals';
import { afterEach, expect, it, vi } from 'vitest';
import { makeEntry } from '../testing/sample-data.ts';
import type { ConsoleLine } from './console-buffer.ts';
import { NO_FILTER } from './console-filter.ts';
import { ConsoleView } from './console-view.ts';

let view: ConsoleView | undefined;
afterEach(() => view?.close());

function viewOf(texts: string[], isGrouping = true) {
  const make = (list: string[], from = 1): ConsoleLine[] =>
    list.map((text, index) => ({ id: from + index, entry: makeEntry({ text }) }));
  const lines = signal<readonly ConsoleLine[]>(make(texts));
  const filter = signal(NO_FILTER);
  const grouping = signal(isGrouping);
  view = new ConsoleView({ lines, filter, grouping });
  const shown = () =>
    view?.rows.value.map(({ entry, count }) => (count > 1 ? `${entry.text} ×${count}` : entry.text));
  return { lines, filter, grouping, shown, make };
}

it('counts what repeats, also across bursts, unless told not to', () => {
  const { lines, grouping, shown, make } = viewOf(['a', 'a', 'b']);
  expect(shown()).toEqual(['a ×2', 'b']);
  lines.value = make(['a', 'a', 'b', 'b', 'a']);
  expect(shown()).toEqual(['a ×2', 'b ×2', 'a']);
  grouping.value = false;
  expect(shown()).toEqual(['a', 'a', 'b', 'b', 'a']);
});

it('drops what the buffer dropped, and goes on after it was emptied', () => {
  const { lines, shown, make } = viewOf(['a', 'b', 'c']);
  lines.value = make(['c', 'd'], 3);
  expect(shown()).toEqual(['c', 'd']);
  lines.value = [];
  expect(shown()).toEqual([]);
  lines.value = make(['e'], 9);
  expect(shown()).toEqual(['e']);
});

it('keeps a group whose first lines are dropped', () => {
  const { lines, shown, make } = viewOf(['x', 'x', 'x']);
  lines.value = make(['x', 'x', 'x'], 2);
  expect(shown()).toEqual(['x ×4']);
});

it('filters again when the filter changes, and new lines by it', () => {
  const { lines, filter, shown, make } = viewOf(['ant', 'bee', 'cat']);
  filter.value = { ...NO_FILTER, query: 'a' };
  expect(shown()).toEqual(['ant', 'cat']);
  lines.value = make(['ant', 'bee', 'cat', 'dog', 'emu', 'yak']);
  expect(shown()).toEqual(['ant', 'cat', 'yak']);
});

it('goes over a hundred thousand lines in slices', async () => {
  const { filter, shown } = viewOf(
    Array.from({ length: 100_000 }, (_, index) => `line ${index} ${'x'.repeat(200)}`),
  );
  await vi.waitFor(() => expect(shown()).toHaveLength(100_000), 5_000);
  const started = performance.now();
  filter.value = { ...NO_FILTER, query: '9999', isRegex: true };
  expect(performance.now() - started).toBeLessThan(80);
  await vi.waitFor(() => expect(shown()).toHaveLength(19), 5_000);
});
