import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { type Engine, settled, statusOf } from './engine.ts';

/** Who a directory of an image belongs to. */
export interface ImageDirectory {
  uid: number;
  gid: number;
  mode: number;
}

const HEADER_BYTES = 512;

/** Looks at directories of an image. One that it does not have is left out of the answer. */
export function imageDirectories(
  engine: Engine,
  image: string,
  paths: string[],
  labels: Record<string, string>,
): Promise<Map<string, ImageDirectory>> {
  if (paths.length === 0) return Promise.resolve(new Map());
  return lookInto(engine, image, labels, async (container) => {
    const found = new Map<string, ImageDirectory>();
    for (const path of paths) {
      // The trailing dot follows a link, and names the directory itself first.
      const answer = await unlessMissing(
        engine.call('look into an image', container.getArchive({ path: `${path}/.` })),
      );
      if (answer) found.set(path, parseHeader(await firstBytes(answer as Readable)));
    }
    return found;
  });
}

/** Whether an image has a file. */
export function imageHas(
  engine: Engine,
  image: string,
  path: string,
  labels: Record<string, string>,
): Promise<boolean> {
  return lookInto(engine, image, labels, async (container) => {
    const found = await unlessMissing(engine.call('look into an image', container.infoArchive({ path })));
    return found !== null;
  });
}

/** Makes a container of an image to look at its files; nothing of the image is run. */
async function lookInto<T>(
  engine: Engine,
  image: string,
  labels: Record<string, string>,
  look: (container: Docker.Container) => Promise<T>,
): Promise<T> {
  const container = await engine.call(
    'create a container',
    engine.docker.createContainer({
      Image: image,
      Entrypoint: ['/nothing-is-run'],
      Cmd: [],
      Labels: labels,
      HostConfig: { NetworkMode: 'none' },
    }),
  );
  try {
    return await look(container);
  } finally {
    await settled(engine.call('remove a container', container.remove({ force: true, v: true }))).catch(
      () => {}, // found by its label later
    );
  }
}

async function unlessMissing<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

async function firstBytes(stream: Readable): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of stream) {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length >= HEADER_BYTES) break; // leaving the loop destroys the stream
  }
  return bytes;
}

/** The octal fields of a tar header (POSIX.1-1988, ustar). */
function parseHeader(bytes: Buffer): ImageDirectory {
  const octal = (start: number, length: number) =>
    Number.parseInt(bytes.toString('latin1', start, start + length).replace(/[\0 ]+$/, ''), 8) || 0;
  return { mode: octal(100, 8), uid: octal(108, 8), gid: octal(116, 8) };
}
