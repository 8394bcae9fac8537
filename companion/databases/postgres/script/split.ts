/** One statement of a script, without the semicolon; for COPY … FROM stdin the rows that follow it. */
export interface ScriptPart {
  sql: string;
  /** Number of the statement's first line. */
  line: number;
  copy: string | null;
}

/** What psql would do and a server cannot. */
export class MetaCommandError extends Error {
  readonly command: string;
  readonly line: number;
  constructor(command: string, line: number) {
    super(`${command} in line ${line} is a command of psql`);
    this.command = command;
    this.line = line;
  }
}

/** Commands of psql that change nothing: pg_dump puts the latter two around its scripts. */
const HARMLESS_COMMANDS = new Set([
  '\\set',
  '\\unset',
  '\\echo',
  '\\pset',
  '\\timing',
  '\\encoding',
  '\\restrict',
  '\\unrestrict',
]);
const COPY_IN = /^copy\b[\s\S]*\bfrom\s+stdin\b/i;
const ROUTINE = /^create\s+(?:or\s+replace\s+)?(?:function|procedure)\b/i;
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const SPACE = /\s+/y;

/**
 * Splits a script as psql does: at semicolons outside of strings, comments, parentheses and BEGIN ATOMIC bodies
 * (src/fe_utils/psqlscan.l), with the rows that pg_dump writes after COPY.
 */
export function* splitScript(script: string): Generator<ScriptPart> {
  let at = script.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  let counted = 0;
  const lineAt = (position: number) => {
    for (; counted < position; counted += 1) if (script.charCodeAt(counted) === 10) line += 1;
    return line;
  };
  while (at < script.length) {
    at = skipSpace(script, at);
    if (at >= script.length) return;
    const begins = lineAt(at);
    if (script[at] === '\\') {
      const end = endOfLine(script, at);
      const command = script.slice(at, end).split(/\s/)[0] ?? '';
      if (!HARMLESS_COMMANDS.has(command)) throw new MetaCommandError(command, begins);
      at = end;
      continue;
    }
    const end = endOfStatement(script, at);
    const sql = script.slice(at, end);
    at = end + 1;
    if (sql === '') continue;
    let copy: string | null = null;
    if (COPY_IN.test(sql)) {
      const start = Math.min(endOfLine(script, at) + 1, script.length);
      const stop = endOfRows(script, start);
      copy = script.slice(start, stop);
      at = endOfLine(script, stop);
    }
    yield { sql, line: begins, copy };
  }
}

/** Past white space and comments. */
function skipSpace(script: string, start: number): number {
  let at = start;
  for (;;) {
    const space = match(SPACE, script, at);
    if (space) at += space.length;
    else if (script.startsWith('--', at)) at = endOfLine(script, at);
    else if (script.startsWith('/*', at)) at = endOfComment(script, at);
    else return at;
  }
}

function endOfStatement(script: string, start: number): number {
  const isRoutine = ROUTINE.test(script.slice(start, start + 60));
  let parentheses = 0;
  /** BEGIN and CASE that wait for their END, in a routine's BEGIN ATOMIC. */
  let blocks = 0;
  let lastWord = '';
  for (let at = start; at < script.length; ) {
    const char = script[at];
    const tag = char === '$' ? match(DOLLAR_TAG, script, at) : null;
    const word = match(WORD, script, at);
    if (char === ';' && parentheses === 0 && blocks === 0) return at;
    if (word) {
      const lower = word.toLowerCase();
      if (isRoutine && lower === 'atomic' && lastWord === 'begin') blocks += 1;
      else if (blocks > 0 && (lower === 'case' || lower === 'begin')) blocks += 1;
      else if (blocks > 0 && lower === 'end') blocks -= 1;
      at += word.length;
      if (script[at] === "'" && lower === 'e') at = endOfString(script, at, true);
      lastWord = lower;
    } else if (char === "'") at = endOfString(script, at, false);
    else if (char === '"') at = endOfQuoted(script, at);
    else if (tag) at = endOfDollar(script, at, tag);
    else if (script.startsWith('--', at)) at = endOfLine(script, at);
    else if (script.startsWith('/*', at)) at = endOfComment(script, at);
    else {
      if (char === '(') parentheses += 1;
      if (char === ')') parentheses = Math.max(0, parentheses - 1);
      at += 1;
    }
  }
  return script.length;
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

const positionOr = (position: number, end: number) => (position < 0 ? end : position);

const endOfLine = (text: string, at: number) => positionOr(text.indexOf('\n', at), text.length);

function endOfString(text: string, start: number, hasEscapes: boolean): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (hasEscapes && text[at] === '\\') at += 1;
    else if (text[at] === "'" && text[at + 1] === "'") at += 1;
    else if (text[at] === "'") return at + 1;
  }
  return text.length;
}

/** A doubled quotation mark begins another part, which comes to the same. */
const endOfQuoted = (text: string, at: number) => positionOr(text.indexOf('"', at + 1), text.length) + 1;

const endOfDollar = (text: string, at: number, tag: string) =>
  positionOr(text.indexOf(tag, at + tag.length), text.length) + tag.length;

/** Comments nest. */
function endOfComment(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text.startsWith('/*', at)) {
      depth += 1;
      at += 1;
    } else if (text.startsWith('*/', at)) {
      depth -= 1;
      at += 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

/** Rows end with a line that is a backslash and a dot. */
function endOfRows(text: string, start: number): number {
  if (text.startsWith('\\.', start)) return start;
  for (let at = start; ; ) {
    const end = text.indexOf('\n\\.', at);
    if (end < 0) return text.length;
    const after = text[end + 3];
    if (after === undefined || after === '\n' || after === '\r') return end + 1;
    at = end + 3;
  }
}
