import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { BuildError } from '#shared/realtime/channels.ts';

/** Longest message and code frame kept, characters. */
const MAX_TEXT = 8_000;

/** What Rollup, Rolldown and esbuild attach to the errors they throw; all of it optional. */
interface ToolError {
  message?: unknown;
  id?: unknown;
  frame?: unknown;
  loc?: { file?: unknown; line?: unknown; column?: unknown };
  pos?: unknown;
  errors?: unknown;
}

/** Turns whatever a build tool threw into an error with file (relative to the root), line and column. */
export function toBuildError(thrown: unknown, root: string): BuildError {
  const error = (
    typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) }
  ) as ToolError;
  const file = string(error.loc?.file) ?? string(error.id);
  return {
    message: clean(string(error.message) ?? 'The build failed.'),
    file: file === undefined ? undefined : relative(root, file.split('?')[0] ?? file),
    line: number(error.loc?.line),
    column: number(error.loc?.column),
    frame: string(error.frame) === undefined ? undefined : clean(String(error.frame)),
  };
}

function clean(text: string): string {
  return stripVTControlCharacters(text).slice(0, MAX_TEXT);
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
