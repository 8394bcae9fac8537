import { type Extension, Prec } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { type ShortcutName, shortcutOfKeys } from '../commands/shortcuts.ts';

/** Has something done by the keys that a shortcut has at that moment, before the editor's own keys. */
export function onShortcut(actions: Partial<Record<ShortcutName, (view: EditorView) => void>>): Extension {
  return Prec.highest(
    EditorView.domEventHandlers({
      keydown: (event, view) => {
        const name = shortcutOfKeys(event);
        const action = name && actions[name];
        if (!action) return false;
        event.preventDefault();
        action(view);
        return true;
      },
    }),
  );
}
