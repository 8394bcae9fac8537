import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { text } from '../text/text.ts';
import { useWorkbench } from '../workbench-context.ts';
import type { Combination } from './combination.ts';
import { pressedFor, type Refusal } from './refused-keys.ts';
import { type ShortcutName, setKeys, shortcutOf } from './shortcuts.ts';

/** Whether the next keys are meant for a shortcut's new keys: nothing else takes them then. */
export const isRecording = signal(false);

/** Keys that somebody pressed and cannot have. */
export interface RefusedKeys {
  keys: Combination;
  refusal: Refusal;
}

interface KeyRecorderProps {
  name: ShortcutName;
  onRefused: (refused: RefusedKeys | undefined) => void;
}

/** The keys of a shortcut; once it is pressed, the next keys are its new ones. Escape and Tab leave it as it was. */
export function KeyRecorder({ name, onRefused }: KeyRecorderProps) {
  const workbench = useWorkbench();
  const button = useRef<HTMLButtonElement>(null);
  const recording = useSignal(false);
  const keys = shortcutOf(name);
  const what = text(`shortcut.${name}`);

  function record(isOn: boolean): void {
    recording.value = isOn;
    isRecording.value = isOn;
  }
  function take(next: Combination | null): void {
    record(false);
    onRefused(undefined);
    setKeys(name, next);
    const now = shortcutOf(name);
    workbench.announce(
      now ? text('shortcuts.changed', { keys: now, what }) : text('shortcuts.removed', { what }),
    );
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (!recording.peek()) return;
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    const isAlone = !ctrlKey && !metaKey && !altKey;
    if (key === 'Tab' && isAlone) return record(false); // and the focus goes on
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    if (isAlone && !shiftKey && key === 'Escape') return record(false);
    if (isAlone && !shiftKey && (key === 'Delete' || key === 'Backspace')) return take(null);
    const pressed = pressedFor(name, event);
    if (!pressed) return;
    if (!pressed.refusal) return take(pressed.keys);
    record(false);
    onRefused({ keys: pressed.keys, refusal: pressed.refusal });
  }
  useEffect(() => () => record(false), []);

  return (
    <button
      ref={button}
      type="button"
      class="key-recorder"
      aria-label={text('shortcuts.change-of', { what, keys: keys || text('shortcuts.none') })}
      aria-pressed={recording.value}
      onClick={() => {
        onRefused(undefined);
        record(!recording.peek());
      }}
      onKeyDown={onKeyDown}
      // Space presses the button as it is let go: after it was taken as a key.
      onKeyUp={(event) => recording.peek() && event.preventDefault()}
      onBlur={() => record(false)}
    >
      {recording.value ? (
        <span class="recording">{text('shortcuts.press')}</span>
      ) : keys ? (
        <kbd>{keys}</kbd>
      ) : (
        <span class="quiet">{text('shortcuts.none')}</span>
      )}
    </button>
  );
}
