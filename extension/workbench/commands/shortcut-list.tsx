import { text } from '../text/text.ts';
import { SHORTCUT_NAMES, shortcutOf } from './shortcuts.ts';

/** What keys do. */
export function ShortcutList() {
  return (
    <dl class="shortcuts">
      {SHORTCUT_NAMES.map((name) => (
        <div key={name}>
          <dt>{text(`shortcut.${name}`)}</dt>
          <dd>
            {shortcutOf(name) ? (
              <kbd>{shortcutOf(name)}</kbd>
            ) : (
              <span class="quiet">{text('shortcuts.none')}</span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
