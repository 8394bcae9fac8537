import { expect, it } from 'vitest';
import { ChangeLog } from './change-log.ts';

it('tells what changed since a time, each file once', () => {
  const log = new ChangeLog();
  log.add(['/a', '/b'], 100);
  log.add(['/a'], 200);
  expect(log.since(100)).toEqual(['/b', '/a']);
  expect(log.since(101)).toEqual(['/a']);
  expect(log.since(201)).toEqual([]);
});

it('says so when it forgot some of what changed', () => {
  const log = new ChangeLog();
  log.add(['/old'], 100);
  log.add(
    Array.from({ length: 500 }, (_, index) => `/${index}`),
    200,
  );
  expect(log.since(100)).toBeNull();
  expect(log.since(101)).toHaveLength(500);
  log.forget(300);
  expect(log.since(300)).toBeNull();
  expect(log.since(301)).toEqual([]);
});
