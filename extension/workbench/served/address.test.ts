import { expect, it } from 'vitest';
import { fragmentOf, targetFromFragment } from './address.ts';

it('finds the environment again after a reload', () => {
  const target = { kind: 'environment', environmentId: 'cart-1' } as const;
  expect(targetFromFragment(fragmentOf(target))).toEqual(target);
});

it('takes anything else for nothing', () => {
  for (const fragment of ['', '#', '#environment=', '#environment=../x', '#environment=%00', '#a=b']) {
    expect(targetFromFragment(fragment)).toEqual({ kind: 'none' });
  }
  expect(fragmentOf({ kind: 'none' })).toBe('');
});
