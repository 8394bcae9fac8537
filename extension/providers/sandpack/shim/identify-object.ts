import type { ConsoleValue } from '#shared/realtime/console-value.ts';
import {
  dateText,
  functionText,
  isElement,
  mapEntries,
  mapSize,
  nodeText,
  regExpText,
  setSize,
  setValues,
} from './natives.ts';

export interface Entry {
  key: string;
  value?: unknown;
  isGetter?: boolean;
}

/** What an object is, and how its first entries are had. */
export type IdentifiedObject = Omit<ConsoleValue, 'entries'> & { entries?: (limit: number) => Entry[] };

const { getOwnPropertyDescriptor, getPrototypeOf, keys, getOwnPropertySymbols } = Object;
const LONGEST_NAME = 100;

/** Looks at an object without running its getters. Throws what a proxy's traps throw. */
export function identify(object: object): IdentifiedObject {
  if (typeof object === 'function') return { type: 'function', text: functionText(object, nameOf(object)) };
  if (Array.isArray(object)) {
    const size = object.length;
    return {
      type: 'array',
      text: 'Array',
      size,
      entries: (limit) => elements(object, Math.min(size, limit)),
    };
  }
  const name = className(object);
  if (isElement(object)) return { type: 'other', text: nodeText(object) };
  const date = dateText(object);
  if (date !== null) return { type: 'other', text: date };
  const pattern = regExpText(object);
  if (pattern !== null) return { type: 'other', text: pattern };
  const inMap = mapSize(object);
  if (inMap !== null)
    return {
      type: 'map',
      text: `${name}(${inMap})`,
      size: inMap,
      entries: (limit) => mapEntries(object, limit),
    };
  const inSet = setSize(object);
  if (inSet !== null)
    return {
      type: 'set',
      text: `${name}(${inSet})`,
      size: inSet,
      entries: (limit) => setValues(object, limit),
    };
  if (ArrayBuffer.isView(object) && 'length' in object) {
    const size = Number(object.length);
    return { type: 'array', text: name, size, entries: (limit) => elements(object, Math.min(size, limit)) };
  }
  const own = [
    ...keys(object),
    ...getOwnPropertySymbols(object).filter((symbol) => isEnumerable(object, symbol)),
  ];
  if (object instanceof Error) {
    // What an error is about is not enumerable.
    if (!own.includes('cause') && getOwnPropertyDescriptor(object, 'cause')) own.push('cause');
    const listed = own.filter((key) => key !== 'name');
    return {
      type: 'error',
      text: errorText(object, name),
      size: listed.length,
      entries: (limit) => properties(object, listed.slice(0, limit)),
    };
  }
  return {
    type: 'object',
    text: name,
    size: own.length,
    entries: (limit) => properties(object, own.slice(0, limit)),
  };
}

/** `Name: message`, from what is stored and not from what code answers. */
export function errorText(error: Error, name = className(error)): string {
  const stored = getOwnPropertyDescriptor(error, 'name')?.value;
  const message = getOwnPropertyDescriptor(error, 'message')?.value ?? nativeMessage(error);
  const shown = typeof stored === 'string' ? stored : (inheritedName(error) ?? name);
  return typeof message === 'string' && message !== '' ? `${shown}: ${message}` : shown;
}

const domMessage = getOwnPropertyDescriptor(globalThis.DOMException?.prototype ?? {}, 'message')?.get;
const nativeMessage = (error: Error): unknown =>
  domMessage && error instanceof DOMException ? Reflect.apply(domMessage, error, []) : undefined;

function inheritedName(error: Error): string | undefined {
  for (let owner = getPrototypeOf(error); owner; owner = getPrototypeOf(owner)) {
    const found = getOwnPropertyDescriptor(owner, 'name');
    if (found) return typeof found.value === 'string' ? found.value : undefined;
  }
  return undefined;
}

/** The class whose instance it is, by its prototype. */
function className(object: object): string {
  const prototype: unknown = getPrototypeOf(object);
  if (prototype === null) return 'Object';
  const made = getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof made === 'function' ? nameOf(made) || 'Object' : 'Object';
}

function nameOf(made: object): string {
  const name = getOwnPropertyDescriptor(made, 'name')?.value;
  return typeof name === 'string' ? name.slice(0, LONGEST_NAME) : '';
}

const isEnumerable = (object: object, key: PropertyKey): boolean =>
  getOwnPropertyDescriptor(object, key)?.enumerable === true;

function elements(object: object, count: number): Entry[] {
  return Array.from({ length: count }, (_, index) => entry(object, index));
}

const properties = (object: object, own: PropertyKey[]): Entry[] => own.map((key) => entry(object, key));

function entry(object: object, key: PropertyKey): Entry {
  const found = getOwnPropertyDescriptor(object, key);
  if (found?.get || found?.set) return { key: String(key), isGetter: true };
  return { key: String(key), value: found?.value };
}
