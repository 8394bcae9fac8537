import './console.css';
import type { Signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../design/button.tsx';
import { text } from '../text/text.ts';
import { type ConsoleBuffer, MAX_ENTRIES } from './console-buffer.ts';
import { type ConsoleFilter, NO_FILTER } from './console-filter.ts';
import { ConsoleInput } from './console-input.tsx';
import { ConsoleList } from './console-list.tsx';
import type { ConsoleSource } from './console-row.tsx';
import { groupRepeats } from './console-settings.ts';
import { ConsoleToolbar } from './console-toolbar.tsx';
import { ConsoleView } from './console-view.ts';
import type { Evaluator } from './evaluator.ts';

interface ConsolePanelProps {
  /** Names the file that lines are saved to. */
  name: string;
  buffer: ConsoleBuffer;
  filter: Signal<ConsoleFilter>;
  source: ConsoleSource;
  evaluator: Evaluator;
  onClose: () => void;
}

/** What page and backend printed, in one stream. */
export function ConsolePanel(props: ConsolePanelProps) {
  const { buffer, filter } = props;
  const [view, setView] = useState<ConsoleView>();
  useEffect(() => {
    const made = new ConsoleView({ lines: buffer.lines, filter, grouping: groupRepeats });
    setView(made);
    return () => made.close();
  }, [buffer, filter]);
  const rows = view?.rows.value ?? [];
  return (
    <section class="console" aria-label={text('console.heading')}>
      <ConsoleToolbar {...props} rows={rows} />
      {buffer.dropped.value && rows.length > 0 && (
        <p class="console-note quiet">{text('console.dropped', { limit: MAX_ENTRIES })}</p>
      )}
      {rows.length > 0 ? (
        <ConsoleList
          rows={rows}
          filterKey={filter.value}
          source={props.source}
          asked={props.evaluator.asked.value}
        />
      ) : (
        <ConsoleEmpty hidden={buffer.lines.value.length} onReset={() => (filter.value = NO_FILTER)} />
      )}
      <ConsoleInput evaluator={props.evaluator} />
    </section>
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
