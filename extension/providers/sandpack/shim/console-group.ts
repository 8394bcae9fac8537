/** What is deeper is shown like this. */
const MAX_DEPTH = 20;

let depth = 0;

export function enterGroup(): void {
  depth += 1;
}

export function leaveGroup(): void {
  depth = Math.max(0, depth - 1);
}

/** A line with the number of groups it is printed in. */
export function inGroup<L extends object>(line: L): L & { depth?: number } {
  return depth === 0 ? line : { ...line, depth: Math.min(depth, MAX_DEPTH) };
}
