import { expect, it } from 'vitest';
import { en } from './en.ts';
import { text } from './text.ts';

it('fills placeholders, whatever the values hold', () => {
  expect(text('preview.frame.title', { title: '{title} $& <b>' })).toBe('Preview of {title} $& <b>');
});

it('has no empty text', () => {
  for (const [key, value] of Object.entries(en)) expect(value.trim(), key).not.toBe('');
});
