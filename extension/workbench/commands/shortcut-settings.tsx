import { useSignal } from '@preact/signals';
import { Button, IconButton } from '../design/button.tsx';
import { RestartIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { useWorkbench } from '../workbench-context.ts';
import { shownKeys } from './combination.ts';
import { KeyRecorder, type RefusedKeys } from './key-recorder.tsx';
import type { Refusal } from './refused-keys.ts';
import {
  defaultKeys,
  isChanged,
  resetAllKeys,
  SHORTCUT_NAMES,
  type ShortcutName,
  setKeys,
  shortcutOf,
  shortcutWith,
} from './shortcuts.ts';

const FIRST = '.shortcut-setting .key-recorder';

/** Scrolls to the shortcuts in the settings, once these are drawn. */
export function showShortcutSettings(): void {
  requestAnimationFrame(() => {
    const first = document.querySelector<HTMLElement>(FIRST);
    first?.closest('section')?.scrollIntoView();
    first?.focus({ preventScroll: true });
  });
}

/** The keys of every shortcut, to be changed. */
export function ShortcutSettings() {
  const workbench = useWorkbench();
  const resetAll = () => {
    resetAllKeys();
    workbench.announce(text('shortcuts.all-reset'));
    document.querySelector<HTMLElement>(FIRST)?.focus(); // the button is gone
  };
  return (
    <>
      <p class="quiet">{text('shortcuts.how')}</p>
      <ul class="shortcut-settings">
        {SHORTCUT_NAMES.map((name) => (
          <ShortcutSetting key={name} name={name} />
        ))}
      </ul>
      {SHORTCUT_NAMES.some(isChanged) && (
        <p>
          <Button onClick={resetAll}>{text('shortcuts.reset-all')}</Button>
        </p>
      )}
    </>
  );
}

function ShortcutSetting({ name }: { name: ShortcutName }) {
  const workbench = useWorkbench();
  const refused = useSignal<RefusedKeys | undefined>(undefined);
  const what = text(`shortcut.${name}`);
  const focusRecorder = (element: Element) =>
    element.closest('li')?.querySelector<HTMLElement>('.key-recorder')?.focus();

  function take(keys: string): void {
    refused.value = undefined;
    setKeys(name, keys);
    workbench.announce(text('shortcuts.changed', { keys: shortcutOf(name), what }));
  }
  function reset(): void {
    const keys = defaultKeys(name);
    const by = shortcutWith(keys);
    if (by && by !== name) refused.value = { keys, refusal: { why: 'taken', by } };
    else take(keys);
  }

  return (
    <li class="shortcut-setting">
      <span class="setting">
        <span>{what}</span>
        <span class="shortcut-keys">
          {isChanged(name) && (
            <IconButton
              label={text('shortcuts.reset', { what, keys: shownKeys(defaultKeys(name)) })}
              icon={<RestartIcon />}
              onClick={(event) => {
                if (event.currentTarget instanceof Element) focusRecorder(event.currentTarget);
                reset();
              }}
            />
          )}
          <KeyRecorder name={name} onRefused={(next) => (refused.value = next)} />
        </span>
      </span>
      {refused.value && (
        <div class="shortcut-refused" role="alert">
          <p>{reason(refused.value)}</p>
          {refused.value.refusal.why === 'taken' && (
            <span class="shortcut-choice">
              <Button
                onClick={() => {
                  const keys = refused.peek()?.keys;
                  document.activeElement && focusRecorder(document.activeElement);
                  if (keys) take(keys);
                }}
              >
                {text('shortcuts.take', { keys: shownKeys(refused.value.keys) })}
              </Button>
              <Button
                onClick={() => {
                  document.activeElement && focusRecorder(document.activeElement);
                  refused.value = undefined;
                }}
              >
                {text('shortcuts.keep')}
              </Button>
            </span>
          )}
        </div>
      )}
    </li>
  );
}

function reason({ keys: pressed, refusal }: { keys: string; refusal: Refusal }): string {
  const keys = shownKeys(pressed);
  if (refusal.why === 'taken')
    return text('shortcuts.refused.taken', { keys, what: text(`shortcut.${refusal.by}`) });
  if (refusal.why === 'sign') return text('shortcuts.refused.sign', { keys, sign: refusal.sign });
  return text(`shortcuts.refused.${refusal.why}`, { keys });
}
