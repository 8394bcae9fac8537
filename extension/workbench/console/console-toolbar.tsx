import type { Signal } from '@preact/signals';
import { IconButton } from '../design/button.tsx';
import { Menu, type MenuItem } from '../design/menu.tsx';
import { saveFile } from '../design/save-file.ts';
import { Segments } from '../design/segments.tsx';
import { Select } from '../design/select.tsx';
import {
  ClearIcon,
  CloseIcon,
  CopyIcon,
  ExportIcon,
  RegexIcon,
  SearchIcon,
  SettingsIcon,
} from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { useWorkbench } from '../workbench-context.ts';
import type { ConsoleBuffer } from './console-buffer.ts';
import { type ConsoleFilter, type LevelFilter, regexFault } from './console-filter.ts';
import { groupRepeats, preserveLog, showTimes } from './console-settings.ts';
import { consoleText, MAX_COPY_CHARACTERS } from './console-text.ts';
import type { ConsoleRowData } from './console-view.ts';

const LEVELS: LevelFilter[] = ['all', 'info', 'warn', 'error'];

interface ConsoleToolbarProps {
  name: string;
  buffer: ConsoleBuffer;
  filter: Signal<ConsoleFilter>;
  rows: readonly ConsoleRowData[];
  onClose: () => void;
}

export function ConsoleToolbar({ name, buffer, filter, rows, onClose }: ConsoleToolbarProps) {
  const change = (part: Partial<ConsoleFilter>) => {
    filter.value = { ...filter.peek(), ...part };
  };
  const { source, level, query, isRegex } = filter.value;
  const fault = regexFault(filter.value);
  return (
    <div class="console-toolbar">
      <Segments
        label={text('console.source')}
        value={source}
        options={(['all', 'browser', 'server'] as const).map((value) => ({
          value,
          label: text(`console.source.${value}`),
        }))}
        onChange={(value) => change({ source: value })}
      />
      <span class="console-level">
        <Select
          label={text('console.level')}
          value={level}
          options={LEVELS.map((value) => ({ value, label: text(`console.level.${value}`) }))}
          onChange={(value) => change({ level: value })}
        />
      </span>
      <span class="search-field console-query">
        <SearchIcon />
        <input
          class="field"
          type="search"
          placeholder={text('console.filter')}
          aria-label={text('console.filter')}
          aria-invalid={fault !== undefined}
          title={fault}
          value={query}
          onInput={(event) => change({ query: event.currentTarget.value })}
        />
        <IconButton
          label={text('console.regex')}
          icon={<RegexIcon />}
          pressed={isRegex}
          onClick={() => change({ isRegex: !isRegex })}
        />
      </span>
      <ConsoleMenu name={name} rows={rows} />
      <IconButton label={text('console.clear')} icon={<ClearIcon />} onClick={() => buffer.clear()} />
      <IconButton label={text('console.hide')} icon={<CloseIcon />} onClick={onClose} />
    </div>
  );
}

function ConsoleMenu({ name, rows }: { name: string; rows: readonly ConsoleRowData[] }) {
  const workbench = useWorkbench();
  const toggles: MenuItem[] = (
    [
      ['times', showTimes],
      ['group', groupRepeats],
      ['preserve', preserveLog],
    ] as const
  ).map(([key, setting]) => ({
    key,
    label: text(`console.option.${key}`),
    checked: setting.value,
    onSelect: () => (setting.value = !setting.peek()),
  }));
  return (
    <Menu
      label={text('console.options')}
      items={[
        ...toggles,
        {
          key: 'copy',
          label: text('console.copy'),
          icon: <CopyIcon />,
          disabled: rows.length === 0,
          onSelect: () =>
            // Where the browser refuses, nothing is said to be copied.
            void navigator.clipboard.writeText(consoleText(rows, MAX_COPY_CHARACTERS)).then(
              () => workbench.announce(text('console.copied', { count: rows.length })),
              () => undefined,
            ),
        },
        {
          key: 'export',
          label: text('console.export'),
          icon: <ExportIcon />,
          disabled: rows.length === 0,
          onSelect: () => saveFile(`${name}.log`, new Blob([consoleText(rows)], { type: 'text/plain' })),
        },
      ]}
    >
      <SettingsIcon />
    </Menu>
  );
}
