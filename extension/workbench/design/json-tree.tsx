import './json-tree.css';
import { useState } from 'preact/hooks';
import { withoutDirectionMarks } from '../text/name.ts';
import { text } from '../text/text.ts';

/** Children that are drawn before somebody asks for more. */
const PAGE = 100;
const LONGEST_TEXT = 5_000;
const PREVIEW_KEYS = 4;

interface JsonTreeProps {
  value: unknown;
  /** Key in its parent; none at the root. */
  name?: string;
  open?: boolean;
}

/** A parsed JSON value that is opened part by part; what is closed is not drawn. */
export function JsonTree({ value, name, open = false }: JsonTreeProps) {
  const [isOpen, setOpen] = useState(open);
  const [shown, setShown] = useState(PAGE);
  if (typeof value !== 'object' || value === null) {
    return (
      <div class="json-leaf">
        <JsonKey name={name} />
        <Leaf value={value} />
      </div>
    );
  }
  const entries = Object.entries(value);
  return (
    <details class="json-node" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <JsonKey name={name} />
        <bdi class="json-preview">{preview(value, entries)}</bdi>
      </summary>
      {isOpen && (
        <div class="json-children">
          {entries.slice(0, shown).map(([key, child]) => (
            <JsonTree key={key} name={key} value={child} />
          ))}
          {entries.length > shown && (
            <button type="button" class="button small" onClick={() => setShown(shown + 10 * PAGE)}>
              {text('json.more', { count: entries.length - shown })}
            </button>
          )}
        </div>
      )}
    </details>
  );
}

function JsonKey({ name }: { name?: string | undefined }) {
  return name === undefined ? null : <bdi class="json-key">{withoutDirectionMarks(name)}: </bdi>;
}

function Leaf({ value }: { value: unknown }) {
  const kind = value === null ? 'null' : typeof value;
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, LONGEST_TEXT)) : String(value);
  return <bdi class={`json-value ${kind}`}>{withoutDirectionMarks(shown)}</bdi>;
}

function preview(value: object, entries: [string, unknown][]): string {
  if (Array.isArray(value)) return `Array(${entries.length})`;
  const keys = entries.slice(0, PREVIEW_KEYS).map(([key]) => key.slice(0, 40));
  const rest = entries.length > PREVIEW_KEYS ? ', …' : '';
  return withoutDirectionMarks(`{${keys.join(', ')}${rest}}`);
}
