import type { Signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { IconButton } from '../design/button.tsx';
import { Select } from '../design/select.tsx';
import { ClearIcon, CloseIcon, ExportIcon, ImportIcon, SearchIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { type NetworkFilter, STATUS_FILTERS } from './network-filter.ts';
import { REQUEST_TYPES } from './request-type.ts';

interface NetworkToolbarProps {
  filter: Signal<NetworkFilter>;
  onClear: () => void;
  onExport: () => void;
  onImport: (file: File) => void;
  onClose: () => void;
}

export function NetworkToolbar({ filter, onClear, onExport, onImport, onClose }: NetworkToolbarProps) {
  const input = useRef<HTMLInputElement>(null);
  const change = (part: Partial<NetworkFilter>) => {
    filter.value = { ...filter.peek(), ...part };
  };
  const { type, status, initiator, query } = filter.value;
  return (
    <div class="panel-toolbar">
      <span class="search-field panel-query">
        <SearchIcon />
        <input
          class="field"
          type="search"
          placeholder={text('network.filter')}
          aria-label={text('network.filter')}
          value={query}
          onInput={(event) => change({ query: event.currentTarget.value })}
        />
      </span>
      <Select
        label={text('network.type')}
        value={type}
        options={(['all', ...REQUEST_TYPES] as const).map((value) => ({
          value,
          label: text(`network.type.${value}`),
        }))}
        onChange={(value) => change({ type: value })}
      />
      <Select
        label={text('network.status')}
        value={status}
        options={STATUS_FILTERS.map((value) => ({ value, label: text(`network.status.${value}`) }))}
        onChange={(value) => change({ status: value })}
      />
      <Select
        label={text('network.initiator')}
        value={initiator}
        options={(['all', 'browser', 'backend'] as const).map((value) => ({
          value,
          label: text(`network.initiator.${value}`),
        }))}
        onChange={(value) => change({ initiator: value })}
      />
      <span class="panel-actions">
        <IconButton label={text('network.export')} icon={<ExportIcon />} onClick={onExport} />
        <IconButton
          label={text('network.import')}
          icon={<ImportIcon />}
          onClick={() => input.current?.click()}
        />
        <input
          ref={input}
          type="file"
          accept=".har,application/json"
          hidden
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file) onImport(file);
            // The same file can be chosen again.
            event.currentTarget.value = '';
          }}
        />
        <IconButton label={text('network.clear')} icon={<ClearIcon />} onClick={onClear} />
        <IconButton label={text('network.hide')} icon={<CloseIcon />} onClick={onClose} />
      </span>
    </div>
  );
}
