import { expect, test } from 'vitest';
import { environmentIdSchema } from '#shared/identifiers.ts';
import { createEnvironmentId } from './environment-name.ts';

test.each([
  ['Fix the login form', /^fix-the-login-form-[0-9a-f]{8}$/],
  ['  Größe — ändern!  ', /^gro-e-andern-[0-9a-f]{8}$/],
  ['日本語', /^attempt-[0-9a-f]{8}$/],
  ['-'.repeat(300), /^attempt-[0-9a-f]{8}$/],
  [`${'x'.repeat(31)} y`, /^x{31}-[0-9a-f]{8}$/],
])('the title %j becomes a valid host label', (title, expected) => {
  const id = createEnvironmentId(title);
  expect(id).toMatch(expected);
  expect(environmentIdSchema.safeParse(id).success).toBe(true);
});
