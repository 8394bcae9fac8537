import type { SourcePlace } from '../preview/preview-model.ts';

/** A piece of a printed text; with a place where it names one in the source. */
export interface TextPart {
  text: string;
  place?: SourcePlace;
}

const PLACE =
  /(?:https?:\/\/[\w.-]+(?::\d+)?\/|file:\/\/)?([\w@+./()[\]-]{1,300}\.(?:[cm]?[jt]sx?|vue|svelte|css|html))(?:\?[\w=.&-]{0,100})?:(\d{1,7})(?::(\d{1,7}))?/g;

/** Finds `src/cart.tsx:14:22` in a stack or a message. Paths are relative to the worktree; others stay text. */
export function sourcePlaces(text: string, worktree: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACE)) {
    const [whole, found = '', line, column] = match;
    // `at App (src/app.tsx:1:2)`: the bracket belongs to the sentence.
    const bracket = found.startsWith('(') ? 1 : 0;
    const path = pathInWorktree(found.slice(bracket), worktree);
    if (!path) continue;
    const start = match.index + (whole.startsWith('(') ? bracket : 0);
    parts.push({ text: text.slice(end, start) });
    end = match.index + whole.length;
    parts.push({
      text: text.slice(start, end),
      place: { path, line: Number(line), column: column === undefined ? undefined : Number(column) },
    });
  }
  parts.push({ text: text.slice(end) });
  return parts.filter((part) => part.text !== '');
}

function pathInWorktree(found: string, worktree: string): string | undefined {
  const path = found.startsWith(`${worktree}/`)
    ? found.slice(worktree.length + 1)
    : found.replace(/^\.\//, '');
  if (path.startsWith('/') || path.includes('node_modules/') || path.split('/').includes('..'))
    return undefined;
  return path.includes('/') ? path : undefined;
}

/** Where a line was printed, as short as it can be told; with a link for what the worktree has. */
export interface PrintPlace {
  file: string;
  line: number;
  whole: string;
  place?: SourcePlace;
}

/** `src/cart/app.tsx:12:7`, or the URL of what is not the worktree's. */
export function printPlace(printed: string): PrintPlace | undefined {
  const [, path = '', line, column] = /^(.+?):(\d{1,7}):(\d{1,7})$/.exec(printed) ?? [];
  if (path === '') return undefined;
  const isUrl = /^[a-z]+:\/\//i.test(path);
  const file = path.replace(/\?.*$/, '').split('/').at(-1) ?? '';
  const place = { path, line: Number(line), column: Number(column) };
  return { file, line: place.line, whole: `${path}:${line}`, ...(!isUrl && { place }) };
}
