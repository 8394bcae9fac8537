import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';
import { withoutAnsi } from './ansi.ts';
import { lineText } from './console-text.ts';

export type SourceFilter = 'all' | 'browser' | 'server';
export type LevelFilter = 'all' | 'info' | 'warn' | 'error';

export interface ConsoleFilter {
  source: SourceFilter;
  level: LevelFilter;
  query: string;
  /** Whether the query is a regular expression. */
  isRegex: boolean;
}

export const NO_FILTER: ConsoleFilter = { source: 'all', level: 'all', query: '', isRegex: false };

const RANK = { debug: 0, log: 1, info: 1, warn: 2, error: 3 } as const;
const LEAST = { all: 0, info: 1, warn: 2, error: 3 } as const;

/** Whether a line passes. Words of Vitrine itself belong to the server's side. */
export type LineTest = (entry: ConsoleEntry) => boolean;

/** Makes the test once for many lines. A regular expression that is none lets every text pass: see {@link regexFault}. */
export function lineTest(filter: ConsoleFilter): LineTest {
  const { source, level } = filter;
  const hasText = textTest(filter);
  const least = LEAST[level];
  return (entry) => {
    if (source !== 'all' && (entry.source === 'browser') !== (source === 'browser')) return false;
    return RANK[entry.level] >= least && hasText(withoutAnsi(lineText(entry)));
  };
}

/** What is wrong with the filter's regular expression, in the browser's words. */
export function regexFault({ query, isRegex }: ConsoleFilter): string | undefined {
  if (!isRegex) return undefined;
  try {
    new RegExp(query, 'iu');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function textTest(filter: ConsoleFilter): (text: string) => boolean {
  const { query, isRegex } = filter;
  if (query === '' || regexFault(filter)) return () => true;
  if (isRegex) {
    const pattern = new RegExp(query, 'iu');
    return (text) => pattern.test(text);
  }
  const wanted = query.toLowerCase();
  return (text) => text.toLowerCase().includes(wanted);
}
