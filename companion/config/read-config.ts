import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import {
  CONFIG_PATH,
  type EnvironmentConfig,
  environmentConfigSchema,
} from '#shared/config/environment-config.ts';
import { VitrineError } from '#shared/errors.ts';
import { readText } from '../worktrees/read-text.ts';

/** Largest configuration file that is read, bytes. */
const MAX_CONFIG_BYTES = 256 * 1024;

/** Reads a worktree's configuration; the defaults when it has none. Throws CONFIG_INVALID naming each line. */
export async function readConfig(worktree: string): Promise<EnvironmentConfig> {
  return parseConfig(await readConfigText(worktree));
}

/** The text of a worktree's configuration; empty when it has none. Throws CONFIG_UNREADABLE. */
export async function readConfigText(worktree: string): Promise<string> {
  try {
    const inside = await realpath(worktree);
    return await readText(join(worktree, CONFIG_PATH), { inside, maxBytes: MAX_CONFIG_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new VitrineError({
      code: 'CONFIG_UNREADABLE',
      message: `${CONFIG_PATH} cannot be read: ${(error as Error).message}.`,
      remedy: 'Make it a readable file of the worktree, or remove it to use the defaults.',
      status: 422,
      cause: error,
    });
  }
}

/** Parses configuration text. Throws CONFIG_INVALID whose message names line, key and expectation of each fault. */
export function parseConfig(text: string): EnvironmentConfig {
  if (Buffer.byteLength(text) > MAX_CONFIG_BYTES)
    throw invalid([`it is larger than ${MAX_CONFIG_BYTES / 1024} kB`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw invalid(
      document.errors.map((error) => `line ${lines.linePos(error.pos[0]).line}: ${error.message}`),
    );
  }
  const result = environmentConfigSchema.safeParse(toPlainValue(document));
  if (result.success) return result.data;

  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length > 0; length--) {
      const range = rangeOf(document, path.slice(0, length));
      if (range !== undefined) return lines.linePos(range).line;
    }
    return 1;
  };
  throw invalid(result.error.issues.flatMap((issue) => describe(issue, lineOf)));
}

type Document = ReturnType<typeof parseDocument>;

/** An alias bomb expands without end; yaml's own limit turns it into an error we can show. */
function toPlainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch (error) {
    throw invalid([(error as Error).message]);
  }
}

/** Offset of a key, so that the line of the key itself is named and not that of its value. */
function rangeOf(document: Document, path: PropertyKey[]): number | undefined {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const last = path.at(-1);
  if (parent && typeof parent === 'object' && 'items' in parent && Array.isArray(parent.items)) {
    for (const item of parent.items) {
      const key = item?.key;
      if (key && String(key.value ?? key) === String(last) && key.range) return key.range[0];
    }
  }
  const node = document.getIn(path, true);
  return node && typeof node === 'object' && 'range' in node && Array.isArray(node.range)
    ? node.range[0]
    : undefined;
}

function describe(issue: z.core.$ZodIssue, lineOf: (path: readonly PropertyKey[]) => number): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return `line ${lineOf(path)}: unknown key ${path.join('.')}`;
    });
  }
  return [
    `line ${lineOf(issue.path)}: ${issue.path.join('.') || 'the document'}: ${lowerFirst(issue.message)}`,
  ];
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function invalid(faults: string[]): VitrineError {
  return new VitrineError({
    code: 'CONFIG_INVALID',
    message: `${CONFIG_PATH} is not valid: ${faults.slice(0, 10).join('; ')}.`,
    remedy:
      'Correct the named lines; the README lists every key and shared/config/environment.schema.json checks them in editors.',
    status: 422,
  });
}
