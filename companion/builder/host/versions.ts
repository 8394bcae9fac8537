import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { REWRITES } from './bundler-rewrites.ts';
import { frameFile } from './frame-files.ts';

let bundler: string | undefined;
let frame: { built: number; version: string } | undefined;

/** Changes when the bundler is served otherwise: its URLs are cached for good. */
export function bundlerVersion(): string {
  bundler ??= createHash('sha256')
    .update(JSON.stringify(REWRITES.map(({ find, replace }) => [find, replace])))
    .digest('hex')
    .slice(0, 12);
  return bundler;
}

/** Changes when the page's own scripts do. */
export function frameVersion(): string {
  const built = statSync(frameFile('shim.js')).mtimeMs;
  if (frame?.built === built) return frame.version;
  const hash = createHash('sha256');
  for (const name of ['shim.js', 'driver.js', 'companion.js']) hash.update(readFileSync(frameFile(name)));
  frame = { built, version: hash.digest('hex').slice(0, 12) };
  return frame.version;
}
