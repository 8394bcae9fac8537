import { merge } from 'node-diff3';

/** Both sides' changes to one text, brought together; undefined where they changed the same lines differently. */
export function mergeTexts(before: string, mine: string, theirs: string): string | undefined {
  if (mine === theirs || theirs === before) return mine;
  if (mine === before) return theirs;
  const lines = (text: string) => text.split('\n');
  const { conflict, result } = merge(lines(mine), lines(before), lines(theirs), {
    excludeFalseConflicts: true,
  });
  return conflict ? undefined : result.join('\n');
}
