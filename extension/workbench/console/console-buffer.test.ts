import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeEntry } from '../testing/sample-data.ts';
import { ConsoleBuffer, MAX_ENTRIES } from './console-buffer.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('ConsoleBuffer', () => {
  it('keeps the last 100,000 entries, with numbers that do not change', () => {
    const buffer = new ConsoleBuffer();
    for (let index = 1; index <= 120_000; index++) buffer.push(makeEntry({ text: `line ${index}` }));
    vi.runAllTimers();
    expect(buffer.lines.value).toHaveLength(MAX_ENTRIES);
    expect(buffer.lines.value[0]).toMatchObject({ id: 20_001, entry: { text: 'line 20001' } });
    expect(buffer.dropped.value).toBe(true);
  });

  it('is bounded in size too', () => {
    const buffer = new ConsoleBuffer();
    const text = 'x'.repeat(16_384);
    for (let index = 0; index < 4_000; index++) buffer.push(makeEntry({ text }));
    vi.runAllTimers();
    expect(buffer.lines.value.length * text.length).toBeLessThanOrEqual(32_000_000);
  });

  it('keeps an entry that alone exceeds the size from hiding those after it', () => {
    const buffer = new ConsoleBuffer();
    buffer.push(makeEntry({ text: 'x'.repeat(33_000_000) }));
    buffer.push(makeEntry({ text: 'next' }));
    vi.runAllTimers();
    expect(buffer.lines.value.map(({ entry }) => entry.text)).toEqual(['next']);
  });

  it('tells of a burst once, and of each burst with a list of its own', () => {
    const buffer = new ConsoleBuffer();
    const told: number[] = [];
    const lists = new Set<unknown>();
    buffer.lines.subscribe((lines) => {
      told.push(lines.length);
      lists.add(lines);
    });
    for (let index = 0; index < 100; index++) buffer.push(makeEntry());
    expect(told).toEqual([0]);
    vi.runAllTimers();
    buffer.push(makeEntry());
    vi.runAllTimers();
    expect(told).toEqual([0, 100, 101]);
    expect(lists.size).toBe(3);
  });

  it('counts errors and warnings among what is kept', () => {
    const buffer = new ConsoleBuffer();
    buffer.push(makeEntry({ level: 'error' }));
    buffer.push(makeEntry({ level: 'warn' }));
    vi.runAllTimers();
    expect([buffer.errors.value, buffer.warnings.value]).toEqual([1, 1]);
    for (let index = 0; index < MAX_ENTRIES; index++) buffer.push(makeEntry());
    vi.runAllTimers();
    expect([buffer.errors.value, buffer.warnings.value]).toEqual([0, 0]);
  });

  it('forgets everything when cleared', () => {
    const buffer = new ConsoleBuffer();
    buffer.push(makeEntry({ level: 'error' }));
    buffer.clear();
    vi.runAllTimers();
    expect([buffer.lines.value.length, buffer.errors.value, buffer.dropped.value]).toEqual([0, 0, false]);
  });
});
