import { expect, it } from 'vitest';
import { withoutDirectionMarks } from './name.ts';

it('shows a name in the order it is stored in', () => {
  expect(withoutDirectionMarks('invoice\u202egpj.exe')).toBe('invoicegpj.exe');
  expect(withoutDirectionMarks('\u2066a\u2069\u200fb')).toBe('ab');
});

it('leaves right-to-left scripts, joiners and emoji alone', () => {
  const text = 'سلام عليكم، می‌خواهم 👩‍💻';
  expect(withoutDirectionMarks(text)).toBe(text);
});
