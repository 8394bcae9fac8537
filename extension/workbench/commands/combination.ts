import { type Language, language } from '../text/language.ts';

/**
 * Keys pressed together, written one way: `Mod+Shift+F`, `Alt+1`, `?`, `F7`. `Mod` is the platform's own command key:
 * ⌘ on Apple's, Ctrl elsewhere.
 */
export type Combination = string;

export type Keys = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const MODIFIERS = ['Control', 'Meta', 'Alt', 'AltGraph', 'Shift', 'CapsLock', 'NumLock', 'Fn'];
/** The first stroke of an accent, and keys that only the input method knows. */
const UNNAMED = ['Dead', 'Unidentified', 'Process'];
const MODIFIERS_FIRST = /^(?:Mod\+)?(?:Ctrl\+)?(?:Meta\+)?(?:Alt\+)?(?:Shift\+)?([^+\s]{1,20})$/u;
const APPLE_SIGNS: Record<string, string> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧', Plus: '+' };
/** As keyboards have it printed on them. */
const NAMES: Record<Language, Record<string, string>> = {
  en: { Mod: 'Ctrl', Plus: '+' },
  de: { Mod: 'Strg', Shift: 'Umschalt', Space: 'Leertaste', Delete: 'Entf', Insert: 'Einfg', Plus: '+' },
};

/** Whether this is one of Apple's platforms, whose command key is ⌘. */
export const isApple =
  typeof document !== 'undefined' && /Mac|iP(hone|ad)/.test(globalThis.navigator?.userAgent ?? '');

/** What is pressed; undefined as long as it is nothing but Ctrl, Alt, Shift and the like. */
export function combinationOf(event: Keys, apple = isApple): Combination | undefined {
  const { ctrlKey, metaKey, altKey, shiftKey, key } = event;
  if (MODIFIERS.includes(key)) return undefined;
  const isHeld = ctrlKey || metaKey || altKey;
  const name = nameOf(event, isHeld);
  if (UNNAMED.includes(name)) return undefined;
  // A sign says by itself that Shift was held: which keys need it is another on each keyboard.
  const saysShift = !isHeld && name.length === 1 && !/\p{L}/u.test(name);
  return [
    (apple ? metaKey : ctrlKey) && 'Mod',
    apple && ctrlKey && 'Ctrl',
    !apple && metaKey && 'Meta',
    altKey && 'Alt',
    shiftKey && !saysShift && 'Shift',
    name,
  ]
    .filter(Boolean)
    .join('+');
}

/**
 * The key's own name. Digits by their place, as they need Shift on some keyboards; letters, too, where Alt makes another
 * sign of them or the keyboard has none of the Latin alphabet.
 */
function nameOf({ key, code }: Keys, isHeld: boolean): string {
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  const [, place] = /^(?:Digit|Key)([0-9A-Z])$/.exec(code) ?? [];
  if (place && isHeld) return place;
  if (key === ' ') return 'Space';
  if (key === '+') return 'Plus';
  return key.length === 1 ? key.toUpperCase() : key;
}

/** The sign of code that Alt makes of a key on this keyboard, such as @ or {; whoever types needs it. */
export function signWithAlt({ altKey, key, code }: Keys): string | undefined {
  if (!altKey || key.length !== 1 || !/^(Digit|Key)/.test(code)) return undefined;
  return /[!-/:-@[-`{-~]/.test(key) ? key : undefined;
}

/** Whether a text names keys as `combinationOf` does. */
export function isCombination(stored: string): boolean {
  return MODIFIERS_FIRST.test(stored);
}

/** The key without those that are held with it, and which those are. */
export function partsOf(combination: Combination): { held: string[]; key: string } {
  const names = combination.split('+');
  return { held: names.slice(0, -1), key: names.at(-1) ?? '' };
}

/** Keys as this platform and its language name them. */
export function shownKeys(combination: Combination, apple = isApple): string {
  const { held, key } = partsOf(combination);
  const names = apple ? APPLE_SIGNS : NAMES[language.value];
  return [...held, key].map((name) => names[name] ?? name).join('+');
}

/** Keys as `aria-keyshortcuts` wants them. */
export function ariaKeys(combination: Combination, apple = isApple): string {
  const { held, key } = partsOf(combination);
  const names = held.map((name) => {
    if (name === 'Mod') return apple ? 'Meta' : 'Control';
    return name === 'Ctrl' ? 'Control' : name;
  });
  return [...names, key].join('+');
}
