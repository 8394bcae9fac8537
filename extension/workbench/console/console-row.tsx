import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';
import { JsonTree } from '../design/json-tree.tsx';
import { clockTime } from '../text/moment.ts';
import { text } from '../text/text.ts';
import { parseAnsi } from './ansi.ts';
import { jsonIn } from './console-text.ts';
import { memo } from './memo.ts';

/** Longer texts are cut until somebody asks for all. */
const SHOWN_CHARACTERS = 800;

interface ConsoleRowProps {
  id: number;
  entry: ConsoleEntry;
  /** How often in a row it came. */
  count: number;
  /** Whether the time is shown. */
  time: boolean;
  /** Tells the height it takes, CSS pixels. */
  onHeight: (id: number, height: number) => void;
}

/** One line of the console. Everything it shows is text made here, never markup. */
export const ConsoleRow = memo(function ConsoleRow({ id, entry, count, time, onHeight }: ConsoleRowProps) {
  const [whole, setWhole] = useState(false);
  const element = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    const row = element.current;
    if (!row) return;
    const observer = new ResizeObserver(() => onHeight(id, row.offsetHeight));
    observer.observe(row);
    onHeight(id, row.offsetHeight);
    return () => observer.disconnect();
  }, [id, onHeight]);
  const source = entry.source === 'server' ? (entry.service ?? entry.source) : entry.source;
  const json = jsonIn(entry.text);
  const cut = !json && !whole && entry.text.length > SHOWN_CHARACTERS;
  return (
    <li class={`console-row ${entry.level}`} ref={element}>
      {time && <time class="console-time">{clockTime(entry.at)}</time>}
      <span class={`console-source ${entry.source}`} title={text('console.source.of', { source })}>
        <bdi>{source}</bdi>
      </span>
      {count > 1 && (
        <span class="console-count" title={text('console.repeated', { count })}>
          {count}
        </span>
      )}
      <bdi class="console-text">
        {json && <Runs of={json.before} />}
        {json ? (
          <JsonTree value={json.value} />
        ) : (
          <Runs of={cut ? entry.text.slice(0, SHOWN_CHARACTERS) : entry.text} />
        )}
        {cut && (
          <button type="button" class="console-more" onClick={() => setWhole(true)}>
            {text('console.more', { count: entry.text.length })}
          </button>
        )}
        {entry.stack && (
          <details class="console-stack">
            <summary>{text('console.stack')}</summary>
            {entry.stack}
          </details>
        )}
      </bdi>
    </li>
  );
});

function Runs({ of }: { of: string }) {
  return (
    <>
      {parseAnsi(of).map((run, index) =>
        run.color || run.background || run.bold || run.dim || run.italic || run.underline ? (
          <span key={index} style={styleOf(run)}>
            {run.text}
          </span>
        ) : (
          run.text
        ),
      )}
    </>
  );
}

function styleOf(run: ReturnType<typeof parseAnsi>[number]) {
  return {
    color: run.color,
    backgroundColor: run.background,
    fontWeight: run.bold ? 600 : undefined,
    opacity: run.dim ? 0.7 : undefined,
    fontStyle: run.italic ? 'italic' : undefined,
    textDecoration: run.underline ? 'underline' : undefined,
  };
}
