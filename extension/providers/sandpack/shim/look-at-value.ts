import type { ConsoleValue } from '#shared/realtime/console-value.ts';
import { type Entry, identify } from './identify-object.ts';

/** How much of a value is told. */
export interface ValueLimits {
  depth: number;
  /** Entries of one object. */
  entries: number;
  /** Values in all. */
  values: number;
  /** Characters in all. */
  characters: number;
}

export const PRINTED: ValueLimits = { depth: 5, entries: 50, values: 300, characters: 16_000 };
/** Somebody asked for this one. */
export const EVALUATED: ValueLimits = { depth: 6, entries: 200, values: 2_000, characters: 150_000 };

/** Longest single text. */
const MAX_TEXT = 16_000;
const MAX_KEY = 200;

/** An object whose entries are still to be looked at. */
interface Task {
  object: object;
  into: ConsoleValue;
  entries: (limit: number) => Entry[];
  depth: number;
  within: Task | undefined;
}

/**
 * What a value is, to the limits. A getter is told as one and not run. Level by level, so that the budget goes to
 * what is seen first. Never throws.
 */
export function lookAt(value: unknown, limits: ValueLimits): ConsoleValue {
  let { values: valuesLeft, characters: charactersLeft } = limits;
  const tasks: Task[] = [];
  const root = take(value, undefined);
  // It grows while it is gone through.
  for (const task of tasks) fill(task);
  return root;

  function fill({ into, entries, ...task }: Task): void {
    const limit = Math.min(limits.entries, valuesLeft);
    if (limit <= 0) return;
    try {
      into.entries = entries(limit).map(({ key, value: child, isGetter }) => ({
        key: key.slice(0, MAX_KEY),
        value: isGetter
          ? counted({ type: 'getter', text: '[Getter]' })
          : take(child, { ...task, into, entries }),
      }));
    } catch (thrown) {
      into.text = unreadable(thrown);
    }
  }

  function take(each: unknown, within: Task | undefined): ConsoleValue {
    try {
      if ((typeof each !== 'object' || each === null) && typeof each !== 'function')
        return counted(primitive(each));
      for (let outer = within; outer; outer = outer.within)
        if (outer.object === each) return counted({ type: 'cycle', text: '[Circular]' });
      const { entries, ...into } = identify(each);
      const depth = (within?.depth ?? 0) + 1;
      if (entries && depth <= limits.depth) tasks.push({ object: each, into, entries, depth, within });
      return counted(into);
    } catch (thrown) {
      // A proxy's traps are the page's own.
      return counted({ type: 'other', text: unreadable(thrown) });
    }
  }

  function counted(into: ConsoleValue): ConsoleValue {
    const room = Math.max(0, Math.min(MAX_TEXT, charactersLeft));
    if (into.text.length > room) {
      into.size ??= into.text.length;
      into.text = into.text.slice(0, room);
    }
    charactersLeft -= into.text.length;
    valuesLeft -= 1;
    return into;
  }
}

function primitive(value: unknown): ConsoleValue {
  if (value === null) return { type: 'null', text: 'null' };
  if (typeof value === 'string') return { type: 'string', text: value };
  if (typeof value === 'bigint') return { type: 'bigint', text: `${value}n` };
  if (typeof value === 'number') return { type: 'number', text: Object.is(value, -0) ? '-0' : String(value) };
  if (typeof value === 'boolean') return { type: 'boolean', text: String(value) };
  if (typeof value === 'symbol') return { type: 'symbol', text: String(value) };
  return { type: 'undefined', text: 'undefined' };
}

function unreadable(thrown: unknown): string {
  const message =
    typeof thrown === 'object' && thrown !== null
      ? Object.getOwnPropertyDescriptor(thrown, 'message')?.value
      : thrown;
  return `[${typeof message === 'string' ? message : 'cannot be read'}]`;
}
