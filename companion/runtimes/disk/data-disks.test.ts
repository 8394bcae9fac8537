import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { makePlace } from '../pod-fixture.ts';
import { DataDisks } from './data-disks.ts';
import { IMAGE_NAME, loopMountsBelow } from './loop-mounts.ts';
import { DiskWatch } from './watch.ts';

const MB = 1024 * 1024;
const SIGNAL = AbortSignal.timeout(60_000);

async function makeDisks() {
  const { base } = await makePlace();
  const disks = new DataDisks(base);
  const directory = join(base, 'an environment');
  onTestFinished(() => new DataDisks(base).sweep());
  return { base, disks, directory };
}

const works = await (async () => {
  const { mkdtemp } = await import('node:fs/promises');
  const root = await mkdtemp('/tmp/vitrine-disk-');
  const obstacle = await new DataDisks(root).obstacle();
  await rm(root, { recursive: true, force: true });
  return obstacle === null;
})();

test.runIf(works)('a prepared directory is full at its limit, and its data outlives the mount', async () => {
  const { base, disks, directory } = await makeDisks();
  expect(await disks.prepare(directory, 32, null, SIGNAL)).toBe(true);
  await writeFile(join(directory, 'database'), 'rows');
  await expect(writeFile(join(directory, 'big'), Buffer.alloc(40 * MB))).rejects.toMatchObject({
    code: 'ENOSPC',
  });
  const watch = new DiskWatch({ directories: [base, directory], limitBytes: 100 * MB });
  expect(await watch.hasFilled()).toBe(true);
  expect(await watch.hasFilled()).toBe(false);
  await rm(join(directory, 'big'));
  expect(await watch.hasFilled()).toBe(false);
  await disks.release(directory);
  expect(await loopMountsBelow(base)).toEqual([]);
  expect(await readdir(directory)).toEqual([IMAGE_NAME]);
  await disks.prepare(directory, 32, null, SIGNAL);
  expect(await readFile(join(directory, 'database'), 'utf8')).toBe('rows');
  expect(await readdir(directory)).toEqual(['database']);
  await disks.release(directory);
  await disks.release(directory);
  await rm(directory, { recursive: true });
});

test.runIf(works)('a plain directory of before is taken over with owners and modes', async () => {
  const { disks, directory } = await makeDisks();
  await mkdir(join(directory, 'home'), { recursive: true });
  await writeFile(join(directory, 'home', 'kept'), 'from before', { mode: 0o640 });
  const { chown } = await import('node:fs/promises');
  await chown(join(directory, 'home', 'kept'), 12_345, 12_346);
  await disks.prepare(directory, 32, { uid: 12_345, gid: 12_346 }, SIGNAL);
  const { uid, gid, mode } = await stat(join(directory, 'home', 'kept'));
  expect([uid, gid, mode & 0o777]).toEqual([12_345, 12_346, 0o640]);
  expect((await stat(directory)).uid).toBe(12_345);
  await disks.release(directory);
  expect(await readdir(directory)).toEqual([IMAGE_NAME]);
});

test.runIf(works)('a changed limit changes the size; one below what is held does not', async () => {
  const { disks, directory } = await makeDisks();
  const size = async () => {
    const { blocks, bsize } = await statfs(directory);
    return (blocks * bsize) / MB;
  };
  const remount = async (limitMb: number) => {
    await disks.release(directory);
    await disks.prepare(directory, limitMb, null, SIGNAL);
  };
  await disks.prepare(directory, 32, null, SIGNAL);
  await writeFile(join(directory, 'held'), Buffer.alloc(20 * MB, 1));
  await remount(64);
  expect(await size()).toBeGreaterThan(45);
  await remount(16);
  expect(await size()).toBeGreaterThan(45);
  await remount(48);
  expect(await size()).toBeLessThan(48);
  expect((await stat(join(directory, 'held'))).size).toBe(20 * MB);
});

test.runIf(works)('two that prepare and release at once do not meet', async () => {
  const { base, disks, directory } = await makeDisks();
  const both = await Promise.all([
    disks.prepare(directory, 32, null, SIGNAL),
    disks.prepare(directory, 32, null, SIGNAL),
    disks.release(directory),
    disks.prepare(directory, 32, null, SIGNAL),
  ]);
  expect(both).toEqual([true, true, undefined, true]);
  expect(await loopMountsBelow(base)).toHaveLength(1);
});

test.runIf(works)('an abort leaves nothing mounted and the data as it was', async () => {
  const { base, disks, directory } = await makeDisks();
  await mkdir(directory);
  await writeFile(join(directory, 'kept'), 'x');
  await disks.obstacle();
  for (const afterMs of [0, 3, 8, 15, 25]) {
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('changed my mind')), afterMs);
    const outcome = await disks.prepare(directory, 32, null, abort.signal).catch((error: Error) => error);
    if (outcome instanceof Error) expect(outcome.message).toBe('changed my mind');
    await disks.release(directory);
  }
  expect(await loopMountsBelow(base)).toEqual([]);
  await disks.prepare(directory, 32, null, SIGNAL);
  expect(await readdir(directory)).toEqual(['kept']);
});

test.runIf(works)(
  'sweep frees what a companion killed with SIGKILL left mounted, in use or not',
  async () => {
    const { base, directory } = await makeDisks();
    const source = pathToFileURL(join(import.meta.dirname, 'data-disks.ts')).href;
    const program = `import { DataDisks } from ${JSON.stringify(source)};
    await new DataDisks(${JSON.stringify(base)}).prepare(${JSON.stringify(directory)}, 32, null, AbortSignal.timeout(20000));
    console.log('up'); setInterval(() => {}, 1e6);`;
    const companion = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void companion.kill('SIGKILL'));
    await once(createInterface({ input: companion.stdout }), 'line');
    companion.kill('SIGKILL');
    await once(companion, 'exit');
    expect(await loopMountsBelow(base)).toHaveLength(1);
    const image = join(directory, IMAGE_NAME);
    await new DataDisks(base).sweep();
    expect(await loopMountsBelow(base)).toEqual([]);
    await expect.poll(() => loopDevicesOf(image)).toEqual([]);

    const disks = new DataDisks(base);
    await disks.prepare(directory, 32, null, SIGNAL);
    const held = await open(join(directory, 'held'), 'w');
    await new DataDisks(base).sweep();
    expect(await loopMountsBelow(base)).toEqual([]);
    await held.close();
    await expect.poll(() => loopDevicesOf(image)).toEqual([]);
  },
);

test('where it cannot work a directory stays plain, and a disk that cannot be mounted is an error', async () => {
  const { disks, directory } = await makeDisks();
  disks.obstacle = async () => 'not allowed here';
  expect(await disks.prepare(directory, 32, null, SIGNAL)).toBe(false);
  await writeFile(join(directory, IMAGE_NAME), '');
  await expect(disks.prepare(directory, 32, null, SIGNAL)).rejects.toMatchObject({
    code: 'DATA_DISK_UNAVAILABLE',
  });
});

async function loopDevicesOf(image: string): Promise<string[]> {
  const names = (await readdir('/sys/block')).filter((name) => name.startsWith('loop'));
  const files = await Promise.all(
    names.map(async (name) => {
      const file = await readFile(`/sys/block/${name}/loop/backing_file`, 'utf8').catch(() => '');
      return file.startsWith(image) ? [name] : [];
    }),
  );
  return files.flat();
}
