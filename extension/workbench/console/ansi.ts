import { withoutDirectionMarks } from '../text/name.ts';

/** A run of text in one style. Colours are CSS values made here, never taken over from the text. */
export interface AnsiRun {
  text: string;
  color?: string;
  background?: string;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
}

type Style = Omit<AnsiRun, 'text'> & { inverse?: boolean };

const ESC = '\u001b';
/** SGR; any other control sequence; an operating-system command (a title, a link); a lone escape with its letter. */
const SEQUENCE = new RegExp(
  `${ESC}\\[([\\d;:]*)m|${ESC}\\[[\\x20-\\x3f]*[\\x40-\\x7e]|${ESC}[\\]PX^_][^\\u0007${ESC}]*(?:\\u0007|${ESC}\\\\)?|${ESC}.?`,
  'gs',
);
/** Controls that have no place in a line, a tab and line breaks excepted. */
const CONTROLS = /[^\P{Cc}\t\n]/gu;

/** A printed line without colours and other sequences, as somebody reads it. */
export function withoutAnsi(line: string): string {
  return line.includes(ESC) ? line.replace(SEQUENCE, '') : line;
}

/** Splits a printed line into styled runs. Escape sequences that are no colour are left out. */
export function parseAnsi(line: string): AnsiRun[] {
  const runs: AnsiRun[] = [];
  let style: Style = {};
  let end = 0;
  for (const match of line.matchAll(SEQUENCE)) {
    addRun(runs, line.slice(end, match.index), style);
    end = match.index + match[0].length;
    if (match[1] !== undefined) style = applySgr(style, match[1]);
  }
  addRun(runs, line.slice(end), style);
  return runs;
}

function addRun(runs: AnsiRun[], raw: string, { inverse, ...style }: Style): void {
  const text = withoutDirectionMarks(raw.replace(CONTROLS, ''));
  if (text === '') return;
  if (!inverse) runs.push({ text, ...style });
  else {
    const { color = 'var(--text)', background = 'var(--ground)' } = style;
    runs.push({ text, ...style, color: background, background: color });
  }
}

function applySgr(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number);
  let next = { ...style };
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0;
    if (code === 0) next = {};
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 3) next.italic = true;
    else if (code === 4) next.underline = true;
    else if (code === 7) next.inverse = true;
    else if (code === 22) next = { ...next, bold: undefined, dim: undefined };
    else if (code === 23) next.italic = undefined;
    else if (code === 24) next.underline = undefined;
    else if (code === 27) next.inverse = undefined;
    else if (code === 39) next.color = undefined;
    else if (code === 49) next.background = undefined;
    else if (code === 38 || code === 48) {
      const { color, used } = extendedColor(codes.slice(index + 1));
      if (code === 38) next.color = color;
      else next.background = color;
      index += used;
    } else if (code >= 30 && code <= 37) next.color = named(code - 30);
    else if (code >= 90 && code <= 97) next.color = named(code - 90 + 8);
    else if (code >= 40 && code <= 47) next.background = named(code - 40);
    else if (code >= 100 && code <= 107) next.background = named(code - 100 + 8);
  }
  return next;
}

function named(index: number): string {
  return `var(--ansi-${index})`;
}

/** `5;n` or `2;r;g;b`; `used` is how many parameters that were. */
function extendedColor([mode, ...values]: number[]): { color?: string; used: number } {
  const [first = 0, second = 0, third = 0] = values;
  if (mode === 2) return { color: `rgb(${byte(first)} ${byte(second)} ${byte(third)})`, used: 4 };
  if (mode !== 5) return { used: 1 };
  const index = byte(first);
  if (index < 16) return { color: named(index), used: 2 };
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return { color: `rgb(${grey} ${grey} ${grey})`, used: 2 };
  }
  const cube = index - 16;
  const channel = (value: number) => (value === 0 ? 0 : 55 + value * 40);
  const rgb = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(channel);
  return { color: `rgb(${rgb.join(' ')})`, used: 2 };
}

function byte(value: number): number {
  return Number.isFinite(value) ? Math.max(0, Math.min(255, Math.trunc(value))) : 0;
}
