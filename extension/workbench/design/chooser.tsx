import './chooser.css';
import { useSignal } from '@preact/signals';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import { withoutDirectionMarks } from '../text/name.ts';
import { text } from '../text/text.ts';
import { bestMatches } from './fuzzy.ts';

const MOST_SHOWN = 50;

export interface ChooserItem {
  key: string;
  label: string;
  /** What it belongs to, or its shortcut. */
  hint?: string | undefined;
}

interface ChooserProps {
  label: string;
  items: readonly ChooserItem[];
  onChoose: (key: string) => void;
  onClose: () => void;
}

/** A dialog that finds one of many by a few letters: arrows move, Enter takes, Escape leaves. */
export function Chooser({ label, items, onChoose, onClose }: ChooserProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const typed = useSignal('');
  const at = useSignal(0);
  const shown = useMemo(
    () => bestMatches(items, typed.value, (item) => `${item.hint ?? ''} ${item.label}`.trim(), MOST_SHOWN),
    [items, typed.value],
  );

  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  useEffect(() => {
    document.getElementById(`${id}-${at.value}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, at.value]);

  function take(item: ChooserItem | undefined): void {
    if (!item) return;
    onClose();
    onChoose(item.key);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const last = shown.length - 1;
    if (event.key === 'ArrowDown') at.value = at.value >= last ? 0 : at.value + 1;
    else if (event.key === 'ArrowUp') at.value = at.value <= 0 ? Math.max(0, last) : at.value - 1;
    else if (event.key === 'Enter') take(shown[at.value]);
    else return;
    event.preventDefault();
  }

  return (
    <dialog
      ref={dialog}
      class="chooser"
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => event.target === dialog.current && onClose()}
    >
      <div class="chooser-content">
        <input
          class="chooser-field"
          type="text"
          role="combobox"
          aria-label={label}
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={shown.length > 0 ? `${id}-${at.value}` : undefined}
          autocomplete="off"
          spellcheck={false}
          placeholder={label}
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            at.value = 0;
          }}
          onKeyDown={onKeyDown}
        />
        <div class="chooser-list" id={`${id}-list`} role="listbox" aria-label={label} tabIndex={-1}>
          {shown.map((item, index) => (
            <button
              type="button"
              key={item.key}
              id={`${id}-${index}`}
              class="chooser-item"
              role="option"
              aria-selected={index === at.value}
              tabIndex={-1}
              onClick={() => take(item)}
            >
              <bdi class="truncate">{withoutDirectionMarks(item.label)}</bdi>
              {item.hint && <bdi class="quiet chooser-hint">{withoutDirectionMarks(item.hint)}</bdi>}
            </button>
          ))}
        </div>
        {shown.length === 0 && <p class="quiet chooser-none">{text('chooser.none')}</p>}
      </div>
    </dialog>
  );
}
