import type { Entry } from './identify-object.ts';

// Taken before anything of the page runs: what the app puts in their place is not asked.
const getterOf = (owner: object | undefined, name: string): (() => unknown) | undefined =>
  owner && Object.getOwnPropertyDescriptor(owner, name)?.get;

const { apply } = Reflect;
const native = {
  mapSize: getterOf(Map.prototype, 'size'),
  mapEntries: Map.prototype.entries,
  mapNext: Object.getPrototypeOf(new Map().entries()).next as Iterator<[unknown, unknown]>['next'],
  setSize: getterOf(Set.prototype, 'size'),
  setValues: Set.prototype.values,
  setNext: Object.getPrototypeOf(new Set().values()).next as Iterator<unknown>['next'],
  time: Date.prototype.getTime,
  iso: Date.prototype.toISOString,
  source: getterOf(RegExp.prototype, 'source'),
  flags: getterOf(RegExp.prototype, 'flags'),
  code: Function.prototype.toString,
  tag: getterOf(globalThis.Element?.prototype, 'localName'),
  attribute: globalThis.Element?.prototype.getAttribute,
};
const LONGEST_ATTRIBUTE = 80;

/** What a native getter or method answers for this object; null where it is not of its kind. */
function ask<T>(method: ((...values: never[]) => T) | undefined, object: object): T | null {
  if (!method) return null;
  try {
    return apply(method, object, []);
  } catch {
    return null;
  }
}

const sizeOf = (method: (() => unknown) | undefined, object: object): number | null => {
  const size = ask(method, object);
  return typeof size === 'number' ? size : null;
};

export const mapSize = (object: object): number | null => sizeOf(native.mapSize, object);
export const setSize = (object: object): number | null => sizeOf(native.setSize, object);

export function mapEntries(map: object, limit: number): Entry[] {
  return first(apply(native.mapEntries, map, []), native.mapNext, limit).map(([key, value]) => ({
    key: keyText(key),
    value,
  }));
}

export function setValues(set: object, limit: number): Entry[] {
  return first(apply(native.setValues, set, []), native.setNext, limit).map((value, index) => ({
    key: String(index),
    value,
  }));
}

function first<T>(iterator: Iterator<T>, next: Iterator<T>['next'], limit: number): T[] {
  const found: T[] = [];
  while (found.length < limit) {
    const step = apply(next, iterator, []);
    if (step.done) break;
    found.push(step.value);
  }
  return found;
}

/** A key of a map, in short. */
function keyText(key: unknown): string {
  if (typeof key === 'string') return JSON.stringify(key.slice(0, LONGEST_ATTRIBUTE));
  if (typeof key === 'function') return '[Function]';
  if (typeof key === 'object' && key !== null) return isElement(key) ? nodeText(key) : '[Object]';
  return String(key);
}

export function dateText(object: object): string | null {
  const time = ask(native.time, object);
  if (time === null) return null;
  return Number.isNaN(time) ? 'Invalid Date' : (ask(native.iso, object) ?? 'Invalid Date');
}

export function regExpText(object: object): string | null {
  if (!Object.hasOwn(object, 'lastIndex')) return null;
  const source = ask(native.source, object);
  return typeof source === 'string' ? `/${source}/${String(ask(native.flags, object) ?? '')}` : null;
}

export const isElement = (object: object): boolean => typeof ask(native.tag, object) === 'string';

/** `<button#save.primary>`: what finds it again, and nothing of what is in it. */
export function nodeText(element: object): string {
  const id = attribute(element, 'id');
  const classes = attribute(element, 'class').split(/\s+/).filter(Boolean).slice(0, 3);
  const names = [id && `#${id}`, ...classes.map((name) => `.${name}`)].join('');
  return `<${String(ask(native.tag, element))}${names}>`;
}

function attribute(element: object, name: string): string {
  const value = native.attribute ? apply(native.attribute, element, [name]) : null;
  return (value ?? '').slice(0, LONGEST_ATTRIBUTE);
}

/** A function by its name; a class says that it is one. */
export function functionText(made: object, name: string): string {
  const kind = ask(native.code, made)?.startsWith('class') ? 'class' : 'Function';
  return `[${kind} ${name || 'anonymous'}]`;
}
