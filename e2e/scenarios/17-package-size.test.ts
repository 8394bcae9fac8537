import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';

const OUTPUT = resolve(import.meta.dirname, '../../.output');
const MAX_PACKAGE_BYTES = 3_000_000;
const MAX_FILE_BYTES = 4_000_000;
/** It is loaded into every page of a board. */
const MAX_CONTENT_SCRIPT_BYTES = 30_000;
/** What a zip file holds of each entry beside its data and twice its name. */
const ZIP_ENTRY_BYTES = 76;

test.each(['chrome-mv3', 'firefox-mv3'])('the package %s stays small', async (name) => {
  const directory = join(OUTPUT, name);
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  let zipped = 0;
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(directory, file);
    const content = await readFile(file);
    expect(content.length, path).toBeLessThan(MAX_FILE_BYTES);
    if (path.startsWith('content-scripts'))
      expect(content.length, path).toBeLessThan(MAX_CONTENT_SCRIPT_BYTES);
    zipped += deflateRawSync(content).length + ZIP_ENTRY_BYTES + 2 * path.length;
  }
  expect(zipped).toBeGreaterThan(0);
  expect(zipped, 'zipped').toBeLessThan(MAX_PACKAGE_BYTES);
});
