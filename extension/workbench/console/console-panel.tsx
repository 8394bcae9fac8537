import './console.css';
import type { Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { Button, IconButton } from '../design/button.tsx';
import { Segments } from '../design/segments.tsx';
import { ClearIcon, CloseIcon, SearchIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { type ConsoleBuffer, MAX_ENTRIES } from './console-buffer.ts';
import { type ConsoleFilter, filterLines, type LevelFilter, NO_FILTER } from './console-filter.ts';
import { ConsoleList } from './console-list.tsx';

const LEVELS: LevelFilter[] = ['all', 'info', 'warn', 'error'];

interface ConsolePanelProps {
  buffer: ConsoleBuffer;
  filter: Signal<ConsoleFilter>;
  onClose: () => void;
}

/** What page and backend printed, in one stream. */
export function ConsolePanel({ buffer, filter, onClose }: ConsolePanelProps) {
  const all = buffer.lines.value;
  const lines = useMemo(() => filterLines(all, filter.value), [all, filter.value]);
  return (
    <section class="console" aria-label={text('console.heading')}>
      <ConsoleToolbar buffer={buffer} filter={filter} onClose={onClose} />
      {buffer.dropped.value && lines.length > 0 && (
        <p class="console-note quiet">
          {text('console.dropped', { limit: MAX_ENTRIES.toLocaleString('en') })}
        </p>
      )}
      {lines.length > 0 ? (
        <ConsoleList lines={lines} />
      ) : (
        <ConsoleEmpty hidden={all.length} onReset={() => (filter.value = NO_FILTER)} />
      )}
    </section>
  );
}

function ConsoleToolbar({ buffer, filter, onClose }: ConsolePanelProps) {
  const change = (part: Partial<ConsoleFilter>) => {
    filter.value = { ...filter.peek(), ...part };
  };
  const { source, level, query } = filter.value;
  return (
    <div class="console-toolbar">
      <Segments
        label={text('console.source')}
        value={source}
        options={[
          { value: 'all', label: text('console.source.all') },
          { value: 'browser', label: text('console.source.browser') },
          { value: 'server', label: text('console.source.server') },
        ]}
        onChange={(value) => change({ source: value })}
      />
      <select
        class="select console-level"
        aria-label={text('console.level')}
        value={level}
        onChange={(event) => {
          const chosen = LEVELS.find((each) => each === event.currentTarget.value);
          if (chosen) change({ level: chosen });
        }}
      >
        {LEVELS.map((each) => (
          <option key={each} value={each}>
            {text(`console.level.${each}`)}
          </option>
        ))}
      </select>
      <span class="search-field console-query">
        <SearchIcon />
        <input
          class="field"
          type="search"
          placeholder={text('console.filter')}
          aria-label={text('console.filter')}
          value={query}
          onInput={(event) => change({ query: event.currentTarget.value })}
        />
      </span>
      <IconButton label={text('console.clear')} icon={<ClearIcon />} onClick={() => buffer.clear()} />
      <IconButton label={text('console.hide')} icon={<CloseIcon />} onClick={onClose} />
    </div>
  );
}

function ConsoleEmpty({ hidden, onReset }: { hidden: number; onReset: () => void }) {
  return (
    <div class="console-empty quiet">
      {hidden === 0 ? (
        <p>{text('console.empty')}</p>
      ) : (
        <>
          <p>{text('console.no-match', { hidden })}</p>
          <Button onClick={onReset}>{text('console.reset-filters')}</Button>
        </>
      )}
    </div>
  );
}
