import { isAbsolute, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { BuildError } from '#shared/realtime/channels.ts';

/** Longest message and code frame kept, characters. */
const MAX_TEXT = 8_000;

/** `╭─[ src/App.tsx:120:1 ]`: where Rolldown's parser says a mistake is. */
const DRAWN_PLACE = /╭─\[ (.+?):(\d+):(\d+) \]/;
const DRAWN_HEADING = /^(?:Transform|Build) failed with \d+ errors?:\s*/;

/** What Rollup, Rolldown and esbuild attach to the errors they throw; all of it optional. */
interface ToolError {
  message?: unknown;
  stack?: unknown;
  id?: unknown;
  frame?: unknown;
  loc?: { file?: unknown; line?: unknown; column?: unknown };
  /** esbuild's own. */
  errors?: {
    text?: unknown;
    location?: Partial<Record<'file' | 'line' | 'column' | 'lineText', unknown>> | null;
  }[];
}

/** Turns whatever a build tool threw into an error with file (relative to the root), line and column. */
export function toBuildError(thrown: unknown, root: string): BuildError {
  const error = (
    typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) }
  ) as ToolError;
  const message = stripVTControlCharacters(string(error.message) ?? 'The build failed.').replace(
    DRAWN_HEADING,
    '',
  );
  const place = esbuildPlace(error) ?? ownPlace(error) ?? drawnPlace(message) ?? stackPlace(error, root);
  const file = place?.file ?? string(error.id);
  return {
    message: (string(error.errors?.[0]?.text) ?? message).slice(0, MAX_TEXT),
    file: file === undefined ? undefined : fromRoot(root, file.split('?')[0] ?? file),
    line: place?.line,
    column: place?.column,
    frame: place?.frame ?? frameOf(error),
  };
}

interface Place {
  file: string | undefined;
  line: number | undefined;
  column: number | undefined;
  frame?: string;
}

function esbuildPlace({ errors }: ToolError): Place | null {
  const location = Array.isArray(errors) ? errors[0]?.location : null;
  if (!location) return null;
  const { file, line, column, lineText } = location;
  const at = number(column) ?? 0;
  return {
    file: string(file),
    line: number(line),
    column: at,
    frame: `${line} | ${lineText}\n${' '.repeat(`${line} | `.length + at)}^`,
  };
}

function ownPlace({ loc }: ToolError): Place | null {
  const line = number(loc?.line);
  return line === undefined ? null : { file: string(loc?.file), line, column: number(loc?.column) };
}

function drawnPlace(message: string): Place | null {
  const match = DRAWN_PLACE.exec(message);
  return match ? { file: match[1], line: Number(match[2]), column: Number(match[3]) } : null;
}

/** The first call in a file of the project: for a configuration that throws. */
function stackPlace({ stack }: ToolError, root: string): Place | null {
  for (const line of string(stack)?.split('\n') ?? []) {
    const match = /\(?(?:file:\/\/)?(\/[^():]+):(\d+):(\d+)\)?$/.exec(line);
    const file = match?.[1];
    if (!file?.startsWith(`${root}/`) || file.includes('/node_modules/')) continue;
    return { file, line: Number(match?.[2]), column: Number(match?.[3]) };
  }
  return null;
}

function frameOf({ frame }: ToolError): string | undefined {
  const text = string(frame);
  return text === undefined ? undefined : stripVTControlCharacters(text).slice(0, MAX_TEXT);
}

function fromRoot(root: string, file: string): string {
  return isAbsolute(file) ? relative(root, file) : file;
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
