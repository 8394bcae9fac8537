import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VendorCache } from './vendor-cache.ts';

let directory: string;
let root: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vitrine-cache-'));
  root = await mkdtemp(join(tmpdir(), 'vitrine-root-'));
  await writeFile(join(root, 'package-lock.json'), '{}');
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
  await rm(root, { recursive: true, force: true });
});

const key = (digit: number) => digit.toString(16).padStart(24, '0');

describe('VendorCache', () => {
  it('keeps what is added for everyone with the same lock file, and for nobody else', async () => {
    const cache = new VendorCache(directory, root, root);
    expect(await cache.find(key(1))).toBeNull();
    await cache.add(key(1), 'code', ['/a.css']);
    const file = await new VendorCache(directory, root, root).find(key(1));
    expect(file && (await readFile(file, 'utf8'))).toBe('code');
    await writeFile(join(root, 'package-lock.json'), '{"other":1}');
    expect(await new VendorCache(directory, root, root).find(key(1))).toBeNull();
  });

  it('is whole whoever writes at the same time', async () => {
    const cache = new VendorCache(directory, root, root);
    await Promise.all(Array.from({ length: 20 }, () => cache.add(key(2), 'x'.repeat(100_000), [])));
    const file = await cache.find(key(2));
    expect(file && (await readFile(file, 'utf8'))).toHaveLength(100_000);
    expect((await readdir(cache.directory)).sort()).toEqual([`${key(2)}.js`, `${key(2)}.json`]);
  });

  it('lets the least used go', async () => {
    const cache = new VendorCache(directory, root, root);
    for (let count = 0; count < 20; count += 1) await cache.add(key(count), 'code', []);
    const files = await readdir(cache.directory);
    expect(files.filter((name) => name.endsWith('.js'))).toHaveLength(12);
    expect(await cache.find(key(19))).not.toBeNull();
  });

  it('takes no name that is not a key', async () => {
    const cache = new VendorCache(directory, root, root);
    await cache.add('../../escape', 'code', []);
    expect(await cache.find('../../escape')).toBeNull();
    expect(await readdir(directory)).toEqual([]);
  });
});
