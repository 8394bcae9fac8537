import { computed } from '@preact/signals';
import { z } from 'zod';
import { remembered } from '../layout/remembered.ts';
import {
  ariaKeys,
  type Combination,
  combinationOf,
  isApple,
  isCombination,
  type Keys,
  shownKeys,
} from './combination.ts';

/** What keys do in the workbench, and which they are unless somebody chose others. */
const DEFAULTS = {
  palette: 'Mod+K',
  help: '?',
  console: 'Alt+1',
  network: 'Alt+2',
  editor: 'Alt+3',
  'quick-open': 'Mod+P',
  search: 'Mod+Shift+F',
  save: 'Mod+S',
  'next-difference': 'F7',
  'previous-difference': 'Shift+F7',
  undo: 'Mod+Z',
} as const satisfies Record<string, Combination>;
export type ShortcutName = keyof typeof DEFAULTS;
export const SHORTCUT_NAMES = Object.keys(DEFAULTS) as ShortcutName[]; // the keys of that very object

/** These are for code alone, where every sign is text. */
const IN_CODE: readonly ShortcutName[] = ['save', 'next-difference', 'previous-difference'];

/** Chosen keys, or null for none, by name. */
type Chosen = Partial<Record<ShortcutName, Combination | null>>;
const chosenSchema = z.record(z.string(), z.string().refine(isCombination).nullable());

/** As JSON. */
const stored = remembered('shortcuts', (text) => text ?? '{}');
const chosen = computed<Chosen>(() => parseChosen(stored.value));

/** Keys that somebody chose; what is no combination is as if it were not there. */
export function parseChosen(text: string): Chosen {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return {}; // written by something else: nothing was chosen
  }
  const known = chosenSchema.safeParse(json).data ?? {};
  return Object.fromEntries(
    SHORTCUT_NAMES.filter((name) => name in known).map((name) => [name, known[name]]),
  );
}

/** The keys of a shortcut; undefined where somebody took them away. */
export function keysOf(name: ShortcutName): Combination | undefined {
  const own = chosen.value[name];
  return own === undefined ? DEFAULTS[name] : (own ?? undefined);
}

/** Gives a shortcut other keys, or none; whatever else had them has none from now on. */
export function setKeys(name: ShortcutName, keys: Combination | null): void {
  const next: Chosen = { ...chosen.peek(), [name]: keys };
  for (const other of SHORTCUT_NAMES)
    if (other !== name && keys && keysOf(other) === keys) next[other] = null;
  store(next);
}

/** Gives a shortcut the keys it had at first. */
export function resetKeys(name: ShortcutName): void {
  setKeys(name, DEFAULTS[name]);
}

export function resetAllKeys(): void {
  store({});
}

/** Whether somebody chose other keys than those at first. */
export function isChanged(name: ShortcutName): boolean {
  return keysOf(name) !== DEFAULTS[name];
}

export function defaultKeys(name: ShortcutName): Combination {
  return DEFAULTS[name];
}

/** The shortcut that has these keys. */
export function shortcutWith(keys: Combination): ShortcutName | undefined {
  return SHORTCUT_NAMES.find((name) => keysOf(name) === keys);
}

/** Whether a shortcut is for code alone. */
export function isInCode(name: ShortcutName): boolean {
  return IN_CODE.includes(name);
}

function store(next: Chosen): void {
  const kept = SHORTCUT_NAMES.filter((name) => next[name] !== undefined && next[name] !== DEFAULTS[name]);
  stored.value = JSON.stringify(Object.fromEntries(kept.map((name) => [name, next[name]])));
}

/** What is done by a key wherever the focus is; the rest is for code. */
type Everywhere = Exclude<ShortcutName, 'save' | 'next-difference' | 'previous-difference'>;

/** Which shortcut of the whole workbench a key is. */
export function shortcutFor(event: Keys, isEditable: boolean, apple = isApple): Everywhere | undefined {
  const name = shortcutOfKeys(event, apple);
  if (!name || isForCode(name)) return undefined;
  if (!isEditable) return name;
  // What writes a sign is text, and what was typed last is what is undone.
  const isText = name === 'undo' || !(event.ctrlKey || event.metaKey || event.altKey || isFunctionKey(event));
  return isText ? undefined : name;
}

/** Which shortcut a key is, those for code included. */
export function shortcutOfKeys(event: Keys, apple = isApple): ShortcutName | undefined {
  const keys = combinationOf(event, apple);
  return keys === undefined ? undefined : shortcutWith(keys);
}

function isForCode(name: ShortcutName): name is Exclude<ShortcutName, Everywhere> {
  return isInCode(name);
}

function isFunctionKey({ key }: Keys): boolean {
  return /^F\d{1,2}$/.test(key);
}

/** The keys of a shortcut as this platform names them; empty for none. */
export function shortcutOf(name: ShortcutName): string {
  return shortcutKeys(name)?.shown ?? '';
}

/** The keys of a shortcut for a control that does the same: for its tooltip and for `aria-keyshortcuts`. */
export function shortcutKeys(name: ShortcutName): { shown: string; aria: string } | undefined {
  const keys = keysOf(name);
  return keys ? { shown: shownKeys(keys), aria: ariaKeys(keys) } : undefined;
}

/** Whether keys typed into an element are its text. */
export function isEditable(element: EventTarget | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  return (
    element.isContentEditable || element.matches('input:not([type=checkbox], [type=radio]), textarea, select')
  );
}
