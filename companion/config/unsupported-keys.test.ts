import { expect, test } from 'vitest';
import { parseConfig } from './read-config.ts';
import { unsupportedKeys } from './unsupported-keys.ts';

test('the defaults promise nothing that is not kept', () => {
  expect(unsupportedKeys(parseConfig(''))).toEqual([]);
});

test('keys that are set in vain are named', () => {
  const config = parseConfig(
    'isolation: { backend: { egress: open, services: { jobs: { command: node jobs.js } }, database: { template: { seed: npm run seed } } } }',
  );
  expect(unsupportedKeys(config)).toEqual([
    'isolation.backend.services',
    'isolation.backend.egress',
    'isolation.backend.database.template.seed',
  ]);
});
