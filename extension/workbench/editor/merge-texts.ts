import { diff3Merge } from 'node-diff3';

export type Side = 'mine' | 'theirs';

/**
 * Both sides' changes to one text, brought together. Where they changed the same lines differently, one side's are
 * taken; undefined where none is preferred.
 */
export function mergeTexts(
  before: string,
  mine: string,
  theirs: string,
  preferred?: Side,
): string | undefined {
  if (mine === theirs || theirs === before) return mine;
  if (mine === before) return theirs;
  const lines = (text: string) => text.split('\n');
  const merged: string[] = [];
  for (const region of diff3Merge(lines(mine), lines(before), lines(theirs), {
    excludeFalseConflicts: true,
  })) {
    const { ok, conflict } = region;
    if (conflict && !preferred) return undefined;
    merged.push(...(ok ?? (preferred === 'mine' ? conflict?.a : conflict?.b) ?? []));
  }
  return merged.join('\n');
}
