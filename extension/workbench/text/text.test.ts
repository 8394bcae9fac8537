import { afterEach, expect, it } from 'vitest';
import { formatBytes } from './bytes.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { languageChoice } from './language.ts';
import { text } from './text.ts';

afterEach(() => {
  languageChoice.value = 'system';
});

it('fills placeholders, whatever the values hold', () => {
  expect(text('preview.frame.title', { title: '{title} $& <b>' })).toBe('Preview of {title} $& <b>');
});

it('speaks the language that was chosen', () => {
  languageChoice.value = 'de';
  expect(text('preview.frame.title', { title: 'x' })).toBe('Vorschau von x');
});

it('has no empty text, in no language', () => {
  for (const catalog of [en, de])
    for (const [key, value] of Object.entries(catalog)) expect(value.trim(), key).not.toBe('');
});

it('has the same texts with the same placeholders in each language, in each of their forms', () => {
  const placeholders = (form: string) => [...form.matchAll(/\{\w+\}/g)].map(String).toSorted();
  expect(Object.keys(de).toSorted()).toEqual(Object.keys(en).toSorted());
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    const [, whole = en[key]] = en[key].split('|');
    for (const catalog of [en, de])
      for (const form of catalog[key].split('|').slice(-1))
        expect(placeholders(form), key).toEqual(placeholders(whole));
    for (const form of [...en[key].split('|'), ...de[key].split('|')])
      expect(placeholders(whole), key).toEqual(expect.arrayContaining(placeholders(form)));
  }
});

it('says one thing of one and another of many, and writes numbers as the language does', () => {
  expect(text('console.copied', { count: 1 })).toBe('1 line copied.');
  expect(text('console.copied', { count: 0 })).toBe('0 lines copied.');
  expect(text('console.copied', { count: 12_345 })).toBe('12,345 lines copied.');
  expect(text('preview.frame.title', { title: 'a|b' })).toBe('Preview of a|b');
  languageChoice.value = 'de';
  expect(text('console.copied', { count: 1 })).toBe('1 Zeile kopiert.');
  expect(text('console.copied', { count: 12_345 })).toBe('12.345 Zeilen kopiert.');
  expect(formatBytes(8_300)).toBe('8,3 kB');
});
