import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { environmentJsonSchema } from './write-json-schema.ts';

test('the published JSON Schema is the one the code checks with (npm run schema)', () => {
  const published = readFileSync(new URL('./environment.schema.json', import.meta.url), 'utf8');
  expect(published).toBe(environmentJsonSchema());
});
