import { afterEach, expect, it } from 'vitest';
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

it('has the same texts with the same placeholders in each language', () => {
  const placeholders = (value: string) => [...value.matchAll(/\{\w+\}/g)].map(String).toSorted();
  expect(Object.keys(de).toSorted()).toEqual(Object.keys(en).toSorted());
  for (const key of Object.keys(en) as (keyof typeof en)[])
    expect(placeholders(de[key]), key).toEqual(placeholders(en[key]));
});
