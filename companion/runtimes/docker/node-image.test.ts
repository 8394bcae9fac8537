import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { descendants, listProcesses } from '../process/process-table.ts';
import type { Engine } from './engine.ts';
import { buildNodeImage } from './node-image.ts';

/** An engine that goes away while an image is handed to it. */
const going = {
  docker: { importImage: () => Promise.reject(new Error('gone')) },
  call: <T>(_what: string, work: Promise<T>) => work,
} as unknown as Engine; // the rest of an engine is not asked

test.runIf(process.platform === 'linux')(
  'an engine that goes away meanwhile leaves no process and no files behind',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'vitrine-image-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    await expect(buildNodeImage(going, directory)).rejects.toThrow('gone');
    const children = async () => descendants(await listProcesses(true), process.pid).length;
    await expect.poll(children, { timeout: 5_000 }).toBe(1);
    expect(await readdir(directory)).toEqual([]);
  },
);
