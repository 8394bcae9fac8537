/**
 * How well a text answers to what was typed, higher being better; undefined where it does not hold its letters in
 * order. Beginnings of words and runs of letters count most, and short texts before long ones.
 */
export function fuzzyScore(text: string, typed: string): number | undefined {
  const wanted = typed.toLowerCase().replace(/\s+/g, '');
  const lower = text.toLowerCase();
  const whole = lower.lastIndexOf(wanted);
  if (whole >= 0) return 1_000 + wanted.length * 10 - text.length / 10 + (isStart(text, whole) ? 200 : 0);
  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const next = lower.indexOf(letter, at + 1);
    if (next < 0) return undefined;
    if (next === at + 1) score += 8;
    if (isStart(text, next)) score += 10;
    at = next;
  }
  return score - text.length / 10;
}

function isStart(text: string, index: number): boolean {
  return (
    index === 0 || /[\W_]/.test(text[index - 1] ?? '') || /[a-z][A-Z]/.test(text.slice(index - 1, index + 1))
  );
}

/** The best answers, best first. */
export function bestMatches<Item>(
  items: readonly Item[],
  typed: string,
  textOf: (item: Item) => string,
  most: number,
): Item[] {
  if (typed.trim() === '') return items.slice(0, most);
  return items
    .flatMap((item) => {
      const score = fuzzyScore(textOf(item), typed);
      return score === undefined ? [] : [{ item, score }];
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ item }) => item);
}
