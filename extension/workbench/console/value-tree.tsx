import { useState } from 'preact/hooks';
import type { ConsoleValue } from '#shared/realtime/console-value.ts';
import { writeValue } from '#shared/realtime/write-value.ts';
import { withoutDirectionMarks } from '../text/name.ts';
import { text } from '../text/text.ts';

/** Longest summary of a closed object, characters. */
const SUMMARY = 120;
const LONGEST_TEXT = 5_000;

interface ValueTreeProps {
  value: ConsoleValue;
  /** Key in its parent; none at the root. */
  name?: string;
}

/** A value of the page, opened part by part; what is closed is not drawn. */
export function ValueTree({ value, name }: ValueTreeProps) {
  const [isOpen, setOpen] = useState(false);
  const { entries = [], size = entries.length } = value;
  if (entries.length === 0) {
    return (
      <div class="json-leaf">
        <ValueKey name={name} />
        <bdi class={`json-value ${value.type}`}>
          {withoutDirectionMarks(writeValue(value)).slice(0, LONGEST_TEXT)}
        </bdi>
      </div>
    );
  }
  return (
    <details class="json-node" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <ValueKey name={name} />
        <bdi class="json-preview">{isOpen ? nameOf(value) : summary(value)}</bdi>
      </summary>
      {isOpen && (
        <div class="json-children">
          {entries.map((entry, index) => (
            // A page may send the same key twice.
            <ValueTree key={index} name={entry.key} value={entry.value} />
          ))}
          {size > entries.length && (
            <div class="json-leaf quiet">{text('console.not-kept', { count: size - entries.length })}</div>
          )}
        </div>
      )}
    </details>
  );
}

function ValueKey({ name }: { name?: string | undefined }) {
  return name === undefined ? null : <bdi class="json-key">{withoutDirectionMarks(name)}: </bdi>;
}

/** What an open object still says of itself. */
const nameOf = ({ type, text: name, size = 0 }: ConsoleValue): string =>
  withoutDirectionMarks(type === 'array' ? `${name}(${size})` : name).slice(0, SUMMARY);

function summary(value: ConsoleValue): string {
  const whole = (value.type === 'array' ? `${nameOf(value)} ` : '') + writeValue(value);
  return withoutDirectionMarks(whole.length > SUMMARY ? `${whole.slice(0, SUMMARY)}…` : whole);
}
