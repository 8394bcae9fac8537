import { expect, test } from 'vitest';
import { destinationOf } from './hosts.ts';

test.each(['localhost:4000', '127.0.0.1:4000', '[::1]:4000', 'LOCALHOST:4000'])(
  '%s is the control origin',
  (host) => {
    expect(destinationOf(host, 4000)).toEqual({ kind: 'control' });
  },
);

test('a label before localhost names the environment', () => {
  expect(destinationOf('red-1a2b.localhost:4000', 4000)).toEqual({
    kind: 'preview',
    environmentId: 'red-1a2b',
  });
});

test.each([
  undefined,
  '',
  'localhost',
  'localhost:4001',
  'evil.example:4000',
  'localhost.evil.example:4000',
  'evil-localhost:4000',
  'red.localhost.evil.example:4000',
  'a.b.localhost:4000',
  '-.localhost:4000',
  '0.0.0.0:4000',
  '127.0.0.1.nip.example:4000',
  'localhost:4000@evil.example',
  'localhost:4000, evil.example',
])('attacks 4, 9, 11: Host %j is not ours', (host) => {
  expect(destinationOf(host, 4000)).toEqual({ kind: 'unknown' });
});
