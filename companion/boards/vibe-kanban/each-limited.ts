/** Requests that a board gets at once. */
const AT_ONCE = 6;

/** Runs `work` for every item, a few at a time; results in the items' order. Rejects with the first failure. */
export async function eachLimited<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length);
  const queue = items.entries();
  // The workers share one iterator, so each item is taken once.
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return results;
}
