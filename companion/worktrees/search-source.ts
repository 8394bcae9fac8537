import type { SearchMatch, SearchResult } from '#shared/api/source.ts';
import { VitrineError } from '#shared/errors.ts';
import { gitBytes } from './git.ts';
import { pathOfBytes } from './path-bytes.ts';

/** More than this is no longer looked through. */
const MAX_MATCHES = 1_000;
const MATCHES_PER_FILE = 100;
/** Of a longer line only this much around the match is told, characters. */
const SHOWN_CHARACTERS = 240;
const SHOWN_BEFORE = 60;
const LINE_END = 0x0a;

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
  const output = await gitBytes(worktree, options, signal).catch((error: unknown) => {
    // git grep ends with 1 where nothing was found.
    if ((error as { code?: unknown }).code === 1) return Buffer.alloc(0);
    throw notSearched(error);
  });
  const matches: SearchMatch[] = [];
  // A path may hold a line end, too: the text that was found is after the third NUL.
  for (let from = 0; from < output.length; ) {
    if (matches.length === MAX_MATCHES) return { matches, truncated: true };
    const afterPath = output.indexOf(0, from);
    const afterLine = output.indexOf(0, afterPath + 1);
    const afterColumn = output.indexOf(0, afterLine + 1);
    if (afterPath < 0 || afterLine < 0 || afterColumn < 0) break;
    const end = output.indexOf(LINE_END, afterColumn);
    const to = end < 0 ? output.length : end;
    matches.push({
      path: pathOfBytes(output.subarray(from, afterPath)),
      line: Number(output.toString('latin1', afterPath + 1, afterLine)),
      ...shownPart(
        output.subarray(afterColumn + 1, to),
        Number(output.toString('latin1', afterLine + 1, afterColumn)),
      ),
    });
    from = to + 1;
  }
  return { matches, truncated: false };
}

/** Of a line what is around the match. git counts bytes, editors characters. */
function shownPart(line: Buffer, column: number): Pick<SearchMatch, 'column' | 'text'> {
  const text = line.toString().replace(/\r$/, '');
  const start = line.subarray(0, column - 1).toString().length;
  const from = text.length > SHOWN_CHARACTERS ? Math.max(0, start - SHOWN_BEFORE) : 0;
  return { column: start + 1, text: text.slice(from, from + SHOWN_CHARACTERS) };
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
