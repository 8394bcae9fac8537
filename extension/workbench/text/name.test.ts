import { expect, it } from 'vitest';
import { shownPath, withoutDirectionMarks } from './name.ts';

it('shows a name in the order it is stored in', () => {
  expect(withoutDirectionMarks('invoice\u202egpj.exe')).toBe('invoicegpj.exe');
  expect(withoutDirectionMarks('\u2066a\u2069\u200fb')).toBe('ab');
});

it('leaves right-to-left scripts, joiners and emoji alone', () => {
  const text = 'سلام عليكم، می‌خواهم 👩‍💻';
  expect(withoutDirectionMarks(text)).toBe(text);
});

it('shows bytes of a path that are no text as such, and nothing else', () => {
  expect(shownPath('src/gr\0fc\0dfe\u202e.ts')).toBe('src/gr\ufffd\ufffde.ts');
  expect(shownPath('\\0fc fc \0zz \x00')).toBe('\\0fc fc \0zz \x00');
});
