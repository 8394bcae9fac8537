import { lossyPath } from '#shared/api/path-bytes.ts';

/** Marks that turn the direction of what follows: in a name they only serve to make it look like another. */
const DIRECTION_MARKS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

/** A foreign text without marks that reorder it. Right-to-left scripts need none of them: they carry their direction. */
export function withoutDirectionMarks(text: string): string {
  return text.replace(DIRECTION_MARKS, '');
}

/** A path as it is shown: without such marks, and with � for each byte that is no text. */
export function shownPath(path: string): string {
  return withoutDirectionMarks(lossyPath(path));
}
