import { isUtf8 } from 'node:buffer';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { hasOddBytes } from '#shared/api/path-bytes.ts';
import { VitrineError } from '#shared/errors.ts';
import { confinePath } from './confine-path.ts';

const SLASH = 0x2f;
const ODD_BYTES = /(?:\0[89a-f][0-9a-f])+/g;

/** A path as the API names it; see shared/api/path-bytes.ts. */
export function pathOfBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  let path = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOfCharacter(bytes, at);
    if (length > 0) path += bytes.toString('utf8', at, at + length);
    else path += `\0${bytes.toString('hex', at, at + 1)}`;
    at += Math.max(1, length);
  }
  return path;
}

/** The bytes of the character that begins here; 0 where none does. */
function lengthOfCharacter(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++)
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  return 0;
}

/** The bytes that a path of the API stands for. Throws PATH_OUTSIDE_WORKTREE for one that no file can have. */
export function bytesOfPath(path: string): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { 0: odd, index } of path.matchAll(ODD_BYTES)) {
    parts.push(Buffer.from(path.slice(at, index)), Buffer.from(odd.replaceAll('\0', ''), 'hex'));
    at = index + odd.length;
  }
  const bytes = Buffer.concat([...parts, Buffer.from(path.slice(at))]);
  // One file has one name here: no other spelling of it, and no NUL that is left.
  if (bytes.includes(0) || pathOfBytes(bytes) !== path) throw outside(path);
  return bytes;
}

/** Pieces between NULs, as git's `-z` separates them, as paths of the API. */
export function splitPaths(output: Buffer): string[] {
  if (isUtf8(output)) return output.toString().split('\0').filter(Boolean);
  const paths: string[] = [];
  for (let from = 0; from < output.length; ) {
    const end = output.indexOf(0, from);
    const to = end < 0 ? output.length : end;
    if (to > from) paths.push(pathOfBytes(output.subarray(from, to)));
    from = to + 1;
  }
  return paths;
}

/** Where a file of the worktree lies, for Node's file functions, without a look at whether it may be read. */
export function placeOf(worktree: string, path: string): string | Buffer {
  if (!hasOddBytes(path)) return join(worktree, path);
  return Buffer.concat([Buffer.from(`${worktree}/`), bytesOfPath(path)]);
}

/**
 * The real place of a file to read, also where its name is no text; null where there is none of that name. Throws
 * PATH_OUTSIDE_WORKTREE as `confinePath` does.
 */
export async function confineToRead(worktree: string, path: string): Promise<string | Buffer | null> {
  if (!hasOddBytes(path)) return confinePath(worktree, path);
  const root = Buffer.from(await realpath(worktree));
  const real = await realpath(placeOf(worktree, path), { encoding: 'buffer' }).catch(() => null);
  if (!real) return null;
  const git = Buffer.concat([root, Buffer.from('/.git')]);
  if (!isBelow(root, real) || isBelow(git, real) || real.equals(git)) throw outside(path);
  return real;
}

function isBelow(directory: Buffer, path: Buffer): boolean {
  return path.subarray(0, directory.length).equals(directory) && path[directory.length] === SLASH;
}

/** Refuses to write a file whose name is no text: nobody could type it. Throws FILE_NAME_NOT_UTF8. */
export function requireTextName(path: string): void {
  if (!hasOddBytes(path)) return;
  throw new VitrineError({
    code: 'FILE_NAME_NOT_UTF8',
    message: 'The name of this file is not valid UTF-8, so it is not written from here.',
    remedy: 'Rename it in a terminal (`git mv`), then edit it.',
    status: 422,
  });
}

function outside(path: string): VitrineError {
  return new VitrineError({
    code: 'PATH_OUTSIDE_WORKTREE',
    message: `The path "${path.slice(0, 200)}" does not lie inside the worktree.`,
    remedy: 'Give a path relative to the worktree, without .. and without links that lead out of it.',
    status: 400,
  });
}
