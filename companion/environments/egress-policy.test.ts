import { expect, test } from 'vitest';
import { environmentConfigSchema } from '#shared/config/environment-config.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import { egressPolicy } from './egress-policy.ts';

const policyOf = (backend: object, allowedHosts: string[]) =>
  egressPolicy({
    config: environmentConfigSchema.parse({ isolation: { backend } }),
    allowedHosts,
  } as EnvironmentRecord); // the rest of a record is not looked at

test('a host the user allowed is let out where the configuration lets out none, and only that host', () => {
  const backend = { egress: 'none', allow: ['ignored.example'] };
  expect(policyOf(backend, [])).toEqual({ policy: 'none', allowed: [] });
  expect(policyOf(backend, ['api.example'])).toEqual({
    policy: 'allowlist',
    allowed: ['api.example'],
  });
});

test('the configuration’s hosts and the user’s are allowed together, each once', () => {
  expect(policyOf({ egress: 'allowlist', allow: ['a.example'] }, ['b.example', 'a.example'])).toEqual({
    policy: 'allowlist',
    allowed: ['a.example', 'b.example'],
  });
});

test('nothing is let out unless something is said, and naming hosts is enough to let those out', () => {
  expect(policyOf({}, [])).toEqual({ policy: 'none', allowed: [] });
  expect(policyOf({ allow: ['a.example'] }, [])).toEqual({ policy: 'allowlist', allowed: ['a.example'] });
});
