import type { SearchMatch, SearchResult } from '#shared/api/source.ts';
import { VitrineError } from '#shared/errors.ts';
import { git } from './git.ts';

/** More than this is no longer looked through. */
const MAX_MATCHES = 1_000;
const MATCHES_PER_FILE = 100;
/** Of a longer line only this much around the match is told, characters. */
const SHOWN_CHARACTERS = 240;
const SHOWN_BEFORE = 60;

interface Search {
  text: string;
  isRegex: boolean;
  matchesCase: boolean;
}

/** Lines of the worktree's text files that hold a text: what is tracked, and what is new and not ignored. */
export async function searchSource(
  worktree: string,
  { text, isRegex, matchesCase }: Search,
  signal?: AbortSignal,
): Promise<SearchResult> {
  const options = [
    'grep',
    '--untracked',
    '--line-number',
    '--column',
    '--null',
    '--no-color',
    '-I',
    `--max-count=${MATCHES_PER_FILE}`,
    isRegex ? '--extended-regexp' : '--fixed-strings',
    ...(matchesCase ? [] : ['--ignore-case']),
    '-e',
    text,
  ];
  const output = await git(worktree, options, signal).catch((error: unknown) => {
    // git grep ends with 1 where nothing was found.
    if ((error as { code?: unknown }).code === 1) return '';
    throw notSearched(error);
  });
  const lines = output.split('\n');
  const matches = lines.slice(0, MAX_MATCHES).flatMap(parseMatch);
  return { matches, truncated: lines.length > MAX_MATCHES + 1 };
}

/** `path NUL line NUL column NUL text`. */
function parseMatch(output: string): SearchMatch[] {
  const [path, line, column, ...rest] = output.split('\0');
  if (path === undefined || line === undefined || column === undefined) return [];
  const text = rest.join('\0').replace(/\r$/, '');
  // git counts bytes, editors characters.
  const start = Buffer.from(text)
    .subarray(0, Number(column) - 1)
    .toString().length;
  const from = text.length > SHOWN_CHARACTERS ? Math.max(0, start - SHOWN_BEFORE) : 0;
  return [{ path, line: Number(line), column: start + 1, text: text.slice(from, from + SHOWN_CHARACTERS) }];
}

const notSearched = (cause: unknown) =>
  new VitrineError({
    code: 'SEARCH_FAILED',
    message: `The files could not be searched: ${String((cause as { stderr?: unknown }).stderr ?? cause)
      .trim()
      .slice(0, 200)}`,
    remedy: 'Mend the expression, or search for plain text.',
    status: 422,
    cause,
  });
