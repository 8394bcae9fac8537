import { expect, it } from 'vitest';
import { fileName } from './save-file.ts';

it('makes a harmless name of any title', () => {
  expect(fileName('Cart total.png')).toBe('Cart-total.png');
  expect(fileName('../../etc/passwd')).toBe('etc-passwd');
  expect(fileName('\u202egnp.<b>\u0000.png')).toBe('gnp.-b-.png');
  expect(fileName('...')).toBe('vitrine');
  expect(fileName(`${'x'.repeat(500)}.har`)).toBe(`${'x'.repeat(80)}.har`);
});
