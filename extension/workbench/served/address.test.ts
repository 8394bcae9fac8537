import { expect, it } from 'vitest';
import { fragmentOf, linkFromAddress, targetFromAddress } from './address.ts';

const at = (hash: string, search = '') => targetFromAddress({ hash, search });

it('finds the environment again after a reload', () => {
  const target = { kind: 'environment', environmentId: 'cart-1' } as const;
  expect(at(fragmentOf(target))).toEqual(target);
});

it('takes anything else for nothing', () => {
  for (const fragment of ['', '#', '#environment=', '#environment=../x', '#environment=%00', '#a=b']) {
    expect(at(fragment)).toEqual({ kind: 'none' });
  }
  expect(fragmentOf({ kind: 'none' })).toBe('');
});

it('understands links with a query; what the page wrote itself comes first', () => {
  const search = '?task=t-1&path=/cart&device=390x844&panel=console';
  expect(at('', search)).toEqual({ kind: 'known-task', taskId: 't-1' });
  expect(linkFromAddress({ hash: '', search })).toMatchObject({ path: '/cart', dock: ['console'] });
  expect(at('#environment=cart-1', search)).toEqual({ kind: 'environment', environmentId: 'cart-1' });
  // A link from anywhere names no board: it can start nothing.
  expect(at('', '?task=t-1&board=http://evil.example')).toEqual({ kind: 'known-task', taskId: 't-1' });
  expect(at('', `?task=${'x'.repeat(500)}`)).toEqual({ kind: 'none' });
});
