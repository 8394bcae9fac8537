import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';
import type { ConsoleLine } from './console-buffer.ts';

export type SourceFilter = 'all' | 'browser' | 'server';
export type LevelFilter = 'all' | 'info' | 'warn' | 'error';

export interface ConsoleFilter {
  source: SourceFilter;
  level: LevelFilter;
  query: string;
}

export const NO_FILTER: ConsoleFilter = { source: 'all', level: 'all', query: '' };

const RANK = { debug: 0, log: 1, info: 1, warn: 2, error: 3 } as const;
const LEAST = { all: 0, info: 1, warn: 2, error: 3 } as const;

/** The lines that pass. Words of Vitrine itself belong to the server's side. */
export function filterLines(lines: readonly ConsoleLine[], filter: ConsoleFilter): readonly ConsoleLine[] {
  if (filter.source === 'all' && filter.level === 'all' && filter.query === '') return lines;
  const query = filter.query.toLowerCase();
  return lines.filter(({ entry }) => passes(entry, filter, query));
}

function passes(entry: ConsoleEntry, { source, level }: ConsoleFilter, query: string): boolean {
  if (source !== 'all' && (entry.source === 'browser') !== (source === 'browser')) return false;
  if (RANK[entry.level] < LEAST[level]) return false;
  return query === '' || entry.text.toLowerCase().includes(query);
}
