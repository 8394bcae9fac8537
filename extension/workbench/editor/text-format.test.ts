import { expect, it } from 'vitest';
import { toContent, toDocument } from './text-format.ts';

it.each([
  '',
  'a',
  'a\n',
  'a\r\nb\r\n',
  'a\r\nb',
  'a\nb\r\nc\r',
  '\r',
  '\r\n',
  '\uFEFFa\r\n',
  '\uFEFF',
  'a\n\n\n',
])('gives %j back as it was', (content) => {
  const { text, format } = toDocument(content);
  expect(toContent(text, format)).toBe(content);
});

it('shows no carriage returns where every line ends with one', () => {
  expect(toDocument('a\r\nb\r\n').text).toBe('a\nb\n');
  expect(toDocument('a\r\nb\n').text).toBe('a\r\nb\n');
});

it('ends new lines as the others do', () => {
  const { format } = toDocument('a\r\n');
  expect(toContent('a\nb\n', format)).toBe('a\r\nb\r\n');
});
