/** What keys do, wherever the focus is in the workbench. */
export const SHORTCUTS = {
  palette: { keys: 'Mod+K' },
  help: { keys: '?' },
  console: { keys: 'Alt+1' },
  network: { keys: 'Alt+2' },
  editor: { keys: 'Alt+3' },
  'quick-open': { keys: 'Mod+P' },
  search: { keys: 'Mod+Shift+F' },
  save: { keys: 'Mod+S' },
} as const;
export type ShortcutName = keyof typeof SHORTCUTS;
export const SHORTCUT_NAMES = Object.keys(SHORTCUTS) as ShortcutName[]; // the keys of that very object

type Keys = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Which shortcut of the whole workbench a key is; the editor's own are the editor's. */
export function shortcutFor(
  event: Keys,
  isEditable: boolean,
): 'palette' | 'help' | 'console' | 'network' | 'editor' | undefined {
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') return 'palette';
  if (event.key === '?' && !isCommand && !event.altKey && !isEditable) return 'help';
  // By place, not by letter: with Alt, keyboards of some countries write other signs.
  if (event.altKey && !isCommand && !event.shiftKey) {
    if (event.code === 'Digit1') return 'console';
    if (event.code === 'Digit2') return 'network';
    if (event.code === 'Digit3') return 'editor';
  }
  return undefined;
}

/** The keys of a shortcut as this platform names them. */
export function shortcutOf(name: ShortcutName): string {
  const isApple = typeof navigator !== 'undefined' && /Mac|iP(hone|ad)/.test(navigator.userAgent);
  return SHORTCUTS[name].keys.replace('Mod', isApple ? '⌘' : 'Ctrl').replace('Alt', isApple ? '⌥' : 'Alt');
}

/** Whether keys typed into an element are its text. */
export function isEditable(element: EventTarget | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  return (
    element.isContentEditable || element.matches('input:not([type=checkbox], [type=radio]), textarea, select')
  );
}
