import { expect, test } from 'vitest';
import { parseConfig } from './read-config.ts';
import { unsupportedKeys } from './unsupported-keys.ts';

test('the defaults promise nothing that is not kept', () => {
  expect(unsupportedKeys(parseConfig(''))).toEqual([]);
});

test('keys that are set in vain are named', () => {
  const config = parseConfig('isolation: { frontend: { command: npm run dev }, backend: { replicas: 2 } }');
  expect(unsupportedKeys(config)).toEqual(['isolation.frontend.command']);
});
