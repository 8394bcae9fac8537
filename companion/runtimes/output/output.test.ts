import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { FloodGuard } from './flood-guard.ts';
import { LineSplitter, MAX_LINE_BYTES } from './line-splitter.ts';
import { readOutput } from './service-output.ts';

function split(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.end();
  return lines;
}

test('lines are cut where the breaks are, whatever the chunks', () => {
  expect(split('on', 'e\ntwo\r', '\n\nth', 'ree')).toEqual(['one', 'two', '', 'three']);
});

test('a character that two chunks share stays whole', () => {
  const bytes = Buffer.from('ä€😀\n');
  expect(split(...[...bytes].map((byte) => Buffer.from([byte])))).toEqual(['ä€😀']);
});

test('a line over the limit is cut between characters and says so', () => {
  const [line, next] = split('€'.repeat(10_000), '\nnext');
  expect(line).toBe(`${'€'.repeat(Math.floor(MAX_LINE_BYTES / 3))} … (cut)`);
  expect(next).toBe('next');
});

test('what exceeds the budget is counted where it was left out', () => {
  vi.useFakeTimers();
  try {
    const lines: string[] = [];
    const budget = { burstLines: 10, burstBytes: 1_000, linesPerSecond: 10, bytesPerSecond: 1_000 };
    const guard = new FloodGuard((line) => lines.push(line), budget);
    for (let index = 0; index < 100; index += 1) guard.push(`line ${index}`);
    expect(lines).toHaveLength(10);
    vi.advanceTimersByTime(600);
    expect(lines.at(-1)).toBe('… 90 lines dropped');
    guard.push('later');
    expect(lines.at(-1)).toBe('later');
    guard.push('to somebody who is behind', true);
    guard.end();
    expect(lines.at(-1)).toBe('… 1 lines dropped');
  } finally {
    vi.useRealTimers();
  }
});

test('a stream that brings more than the reading rate is paused, then read on', async () => {
  const stream = new PassThrough();
  const lines: string[] = [];
  const read = readOutput(stream, { onLine: (line) => lines.push(line) });
  const chunk = Buffer.alloc(1_000_000, 'x');
  for (let index = 0; index < 5; index += 1) stream.write(chunk);
  await vi.waitFor(() => expect(stream.isPaused()).toBe(true));
  stream.end('\nend\n');
  await read;
  expect(lines.at(-1)).toBe('end');
});
