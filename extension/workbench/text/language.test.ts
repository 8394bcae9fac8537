import { expect, it } from 'vitest';
import { spokenOf } from './language.ts';

it('is the first preferred one that is spoken', () => {
  expect(spokenOf(['fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(spokenOf(['en-GB', 'de'])).toBe('en');
  expect(spokenOf(['dex', 'ja'])).toBe('en');
  expect(spokenOf([])).toBe('en');
});
