import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';
import { JsonTree } from '../design/json-tree.tsx';
import type { SourcePlace } from '../preview/preview-model.ts';
import { clockTime } from '../text/moment.ts';
import { withoutDirectionMarks } from '../text/name.ts';
import { text } from '../text/text.ts';
import { parseAnsi } from './ansi.ts';
import { jsonIn } from './console-text.ts';
import { memo } from './memo.ts';
import { sourcePlaces } from './source-places.ts';

/** Longer texts are cut until somebody asks for all. */
const SHOWN_CHARACTERS = 800;

/** Where the lines come from: what makes places in them links. */
export interface ConsoleSource {
  worktree: string;
  onPlace: (place: SourcePlace) => void;
}

interface ConsoleRowProps {
  id: number;
  entry: ConsoleEntry;
  /** How often in a row it came. */
  count: number;
  /** Whether the time is shown. */
  time: boolean;
  /** Tells the height it takes, CSS pixels. */
  onHeight: (id: number, height: number) => void;
  source: ConsoleSource;
}

/** One line of the console. Everything it shows is text made here, never markup. */
export const ConsoleRow = memo(function ConsoleRow({
  id,
  entry,
  count,
  time,
  source,
  onHeight,
}: ConsoleRowProps) {
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
  const origin = entry.source === 'server' ? (entry.service ?? entry.source) : entry.source;
  const json = jsonIn(entry.text);
  const cut = !json && !whole && entry.text.length > SHOWN_CHARACTERS;
  return (
    <li class={`console-row ${entry.level}`} ref={element}>
      {time && <time class="console-time">{clockTime(entry.at)}</time>}
      <span class={`console-source ${entry.source}`} title={text('console.source.of', { source: origin })}>
        <bdi>{origin}</bdi>
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
            <Places of={entry.stack} source={source} />
          </details>
        )}
      </bdi>
    </li>
  );
});

/** A text in which places of the source are links to the editor. */
function Places({ of, source }: { of: string; source: ConsoleSource }) {
  return (
    <>
      {sourcePlaces(withoutDirectionMarks(of), source.worktree).map(({ text: shown, place }, index) =>
        place ? (
          <button type="button" class="source-link" key={index} onClick={() => source.onPlace(place)}>
            {shown}
          </button>
        ) : (
          shown
        ),
      )}
    </>
  );
}

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
