import { expect, it } from 'vitest';
import { consoleMethods } from './console-methods.ts';

it('counts and measures as browsers do', () => {
  let now = 0;
  const { count, countReset, time, timeLog, timeEnd } = consoleMethods(() => now);
  expect(count?.()).toMatchObject({ values: ['default: 1'] });
  expect(count?.()).toMatchObject({ values: ['default: 2'] });
  expect(countReset?.()).toBeNull();
  expect(count?.()).toMatchObject({ values: ['default: 1'] });
  expect(timeEnd?.('load')).toMatchObject({ level: 'warn' });
  expect(time?.('load')).toBeNull();
  now = 12.345;
  expect(timeLog?.('load', { a: 1 })).toMatchObject({ values: ['load: 12.35 ms', { a: 1 }] });
  expect(timeEnd?.('load')).toMatchObject({ values: ['load: 12.35 ms'] });
  expect(timeEnd?.('load')).toMatchObject({ level: 'warn' });
});

it('prints an assertion that fails, and only that', () => {
  const { assert } = consoleMethods();
  expect(assert?.(true, 'never')).toBeNull();
  expect(assert?.(false)).toEqual({ level: 'error', values: ['Assertion failed'] });
  expect(assert?.(0, 'a %s', 'b')).toEqual({ level: 'error', values: ['Assertion failed: a %s', 'b'] });
  expect(assert?.(null, { a: 1 })).toEqual({ level: 'error', values: ['Assertion failed', { a: 1 }] });
});

it('does not grow with labels that are made anew', () => {
  const { count } = consoleMethods();
  for (let label = 0; label < 1_500; label += 1) count?.(`l${label}`);
  expect(count?.('l3')).toMatchObject({ values: ['l3: 2'] });
  expect(count?.('l1400')).toMatchObject({ values: ['l1400: 1'] });
});
