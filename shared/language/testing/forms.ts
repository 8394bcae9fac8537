/** A value that only the running program knows. */
export const HOLE = '{}';
const MAX_FORMS = 24;

/** Every combination of the parts' forms; too many of them, and a part that has several is a value like any other. */
export function combine(parts: string[][]): string[] {
  const count = parts.reduce((product, part) => product * part.length, 1);
  if (count > MAX_FORMS) return combine(parts.map((part) => (part.length > 1 ? [HOLE] : part)));
  return unique(
    parts.reduce((forms, part) => forms.flatMap((form) => part.map((each) => form + each)), ['']),
  );
}

export const unique = (forms: string[]): string[] => [...new Set(forms)];

/** A word at least, and something beside it: what is one word is a name, a path or a number. */
export function isWords(text: string): boolean {
  const parts = text.split(/\s+/).filter((part) => /\p{L}{2,}|\{\}/u.test(part));
  return parts.length > 1 && parts.some((part) => /\p{L}{2,}/u.test(part));
}
