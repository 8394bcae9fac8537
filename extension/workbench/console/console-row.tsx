import { useLayoutEffect, useRef } from 'preact/hooks';
import type { SourcePlace } from '../preview/preview-model.ts';
import { clockTime } from '../text/moment.ts';
import { withoutDirectionMarks } from '../text/name.ts';
import { text } from '../text/text.ts';
import type { ShownEntry } from './console-buffer.ts';
import { ConsoleContent } from './console-content.tsx';
import { memo } from './memo.ts';
import { printPlace, sourcePlaces } from './source-places.ts';

/** Where the lines come from: what makes places in them links. */
export interface ConsoleSource {
  worktree: string;
  onPlace: (place: SourcePlace) => void;
}

interface ConsoleRowProps {
  id: number;
  entry: ShownEntry;
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
  return (
    <li class={`console-row ${entry.level} ${entry.role ?? ''}`} ref={element}>
      {time && <time class="console-time">{clockTime(entry.at)}</time>}
      <span class={`console-source ${entry.source}`} title={text('console.source.of', { source: origin })}>
        <bdi>{origin}</bdi>
      </span>
      {count > 1 && (
        <span class="console-count" title={text('console.repeated', { count })}>
          {count}
        </span>
      )}
      <bdi
        class="console-text"
        style={entry.depth ? { paddingInlineStart: `${entry.depth * 16}px` } : undefined}
      >
        {entry.role && <span class="visually-hidden">{text(`console.role.${entry.role}`)} </span>}
        {entry.place && <PrintedAt place={entry.place} source={source} />}
        <ConsoleContent entry={entry} />
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

/** Where it was printed; opens the file there. */
function PrintedAt({ place: printed, source }: { place: string; source: ConsoleSource }) {
  const found = printPlace(withoutDirectionMarks(printed));
  if (!found) return null;
  const { file, line, whole, place } = found;
  // Of a long name the end is left out, of its line nothing.
  const label = (
    <>
      <span class="truncate">{file}</span>
      {`:${line}`}
    </>
  );
  return place ? (
    <button
      type="button"
      class="source-link console-place"
      title={whole}
      onClick={() => source.onPlace(place)}
    >
      {label}
    </button>
  ) : (
    <span class="console-place quiet" title={whole}>
      {label}
    </span>
  );
}

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
