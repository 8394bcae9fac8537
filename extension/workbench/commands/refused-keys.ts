import { type Combination, combinationOf, isApple, type Keys, partsOf, signWithAlt } from './combination.ts';
import { isInCode, type ShortcutName, shortcutWith } from './shortcuts.ts';

/** Why keys cannot be given to a shortcut. `taken` is the one that somebody may overrule. */
export type Refusal =
  | { why: 'browser' | 'system' | 'editing' | 'moving' | 'alt-gr' | 'text' }
  | { why: 'sign'; sign: string }
  | { why: 'taken'; by: ShortcutName };

/** Tabs and windows: browsers keep these, no page is given them. */
const BROWSERS: readonly Combination[] = [
  ...['W', 'T', 'N', 'Q', 'Tab', 'PageUp', 'PageDown', 'F4'].map((key) => `Mod+${key}`),
  ...['W', 'T', 'N', 'P', 'Q', 'Tab'].map((key) => `Mod+Shift+${key}`),
  'Ctrl+Tab',
  'Ctrl+Shift+Tab',
];
const SYSTEMS: readonly Combination[] = ['Alt+F4', 'Alt+Tab', 'Alt+Shift+Tab', 'Alt+Space', 'PrintScreen'];
const APPLES: readonly Combination[] = ['Mod+H', 'Mod+M', 'Mod+,', 'Mod+Space', 'Mod+Alt+Escape'];
/** What is selected, copied, found and undone in every text. */
const EDITING: readonly Combination[] = [
  ...['A', 'C', 'V', 'X', 'Y', 'Z', 'F', 'Backspace', 'Delete', 'Home', 'End'].map((key) => `Mod+${key}`),
  ...['Z', 'V'].map((key) => `Mod+Shift+${key}`),
];
/** What moves about, presses, deletes and leaves. */
const MOVING =
  /^(Tab|Enter|Space|Escape|Backspace|Delete|Insert|Home|End|Page(Up|Down)|Arrow\w+|ContextMenu)$/;

/** What somebody pressed for a shortcut: the keys, and why they cannot be had; undefined as long as a key is missing. */
export function pressedFor(
  name: ShortcutName,
  event: Keys,
  apple = isApple,
): { keys: Combination; refusal: Refusal | undefined } | undefined {
  const keys = combinationOf(event, apple);
  if (!keys) return undefined;
  const sign = signWithAlt(event);
  const refusal = refusalOf(name, keys, apple) ?? (sign ? { why: 'sign' as const, sign } : undefined);
  return { keys, refusal };
}

/** Why a shortcut cannot have these keys; undefined when it can. */
export function refusalOf(name: ShortcutName, keys: Combination, apple = isApple): Refusal | undefined {
  const { held, key } = partsOf(keys);
  const isPlain = held.every((each) => each === 'Shift');
  if (isPlain && MOVING.test(key)) return { why: 'moving' };
  if (/^Arrow/.test(key)) return { why: 'editing' };
  if (BROWSERS.includes(keys)) return { why: 'browser' };
  if (held.includes('Meta') || SYSTEMS.includes(keys) || (apple && APPLES.includes(keys)))
    return { why: 'system' };
  // On Windows AltGr is Ctrl and Alt, and writes @, € and others.
  if (!apple && held.includes('Mod') && held.includes('Alt')) return { why: 'alt-gr' };
  if (EDITING.includes(keys) && !(name === 'undo' && keys === 'Mod+Z')) return { why: 'editing' };
  if (isPlain && isInCode(name) && !/^F\d{1,2}$/.test(key)) return { why: 'text' };
  const by = shortcutWith(keys);
  return by && by !== name ? { why: 'taken', by } : undefined;
}
