import { expect, it } from 'vitest';
import { acceptedLanguages, spokenOf } from './languages.ts';

it('is the first preferred one that is spoken', () => {
  expect(spokenOf(['fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(spokenOf(['en-GB', 'de'])).toBe('en');
  expect(spokenOf(['dex', 'ja'])).toBe('en');
  expect(spokenOf([])).toBe('en');
});

it('is what a browser says that it accepts, in the order of what it prefers', () => {
  expect(acceptedLanguages('de-DE,de;q=0.9,en;q=0.8')).toEqual(['de-DE', 'de', 'en']);
  expect(acceptedLanguages('en;q=0.2, de ; q=0.7, fr;q=0')).toEqual(['de', 'en']);
  expect(spokenOf(acceptedLanguages(undefined))).toBe('en');
});

it('is English for a header that means nothing', () => {
  expect(spokenOf(acceptedLanguages(';;,q=,;q=x,*'))).toBe('en');
  expect(spokenOf(acceptedLanguages(`${'x,'.repeat(100_000)}de`))).toBe('en');
});
