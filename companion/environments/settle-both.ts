/** Waits for both. When only one comes about, what the first made is undone before the error goes on. */
export async function settleBoth<A, B>(
  first: Promise<A>,
  second: Promise<B>,
  undo: (made: A) => Promise<void>,
): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === 'rejected') throw a.reason;
  if (b.status === 'fulfilled') return [a.value, b.value];
  await undo(a.value);
  throw b.reason;
}
