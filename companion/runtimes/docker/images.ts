import { addAbortSignal, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { VitrineError } from '#shared/errors.ts';
import { type Engine, statusOf } from './engine.ts';
import { buildNodeImage, LOCAL_NODE_IMAGE } from './node-image.ts';

export const DEFAULT_IMAGE = 'node:24-slim';
/** 80 MB on a slow line; what takes longer is better pulled by hand, where one sees the progress. */
const PULL_DEADLINE_MS = 300_000;

/** Sees that images are there before containers are made from them. One pull at a time for each image. */
export class Images {
  readonly #engine: Engine;
  readonly #present = new Map<string, Promise<string>>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The default Node image: pulled, or made from this machine's Node where it cannot be. */
  node(signal: AbortSignal): Promise<string> {
    return this.#once('', signal, async () => {
      if (await this.#exists(DEFAULT_IMAGE)) return DEFAULT_IMAGE;
      if (await this.#exists(LOCAL_NODE_IMAGE)) return LOCAL_NODE_IMAGE;
      try {
        await this.#pull(DEFAULT_IMAGE);
        return DEFAULT_IMAGE;
      } catch {
        await buildNodeImage(this.#engine);
        return LOCAL_NODE_IMAGE;
      }
    });
  }

  /** An image the configuration names. */
  named(image: string, signal: AbortSignal): Promise<string> {
    return this.#once(image, signal, async () => {
      if (!(await this.#exists(image))) await this.#pull(image);
      return image;
    });
  }

  /** Whoever gives up waiting leaves the work to the others, and to the next who asks. */
  async #once(key: string, signal: AbortSignal, find: () => Promise<string>): Promise<string> {
    signal.throwIfAborted();
    let found = this.#present.get(key);
    if (!found) {
      found = find();
      this.#present.set(key, found);
      found.catch(() => this.#present.delete(key));
    }
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([found, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #exists(image: string): Promise<boolean> {
    try {
      await this.#engine.call(`look for the image ${image}`, this.#engine.docker.getImage(image).inspect());
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  }

  async #pull(image: string): Promise<void> {
    const deadline = AbortSignal.timeout(PULL_DEADLINE_MS);
    try {
      const answer = await this.#engine.docker.pull(image, { abortSignal: deadline });
      await failureIn(addAbortSignal(deadline, Readable.from(answer)));
      if (!(await this.#exists(image))) throw new Error('the engine did not say why');
    } catch (cause) {
      const why = deadline.aborted
        ? `it took longer than ${PULL_DEADLINE_MS / 60_000} minutes`
        : messageOf(cause);
      throw new VitrineError({
        code: 'IMAGE_UNAVAILABLE',
        message: `The image ${image} is not here and could not be pulled: ${why}`,
        remedy: `Try "docker pull ${image}", or name another one in isolation.backend.image.`,
        status: 502,
        cause,
      });
    }
  }
}

/** Reads the engine's progress lines; an error is one of them, under status 200. */
async function failureIn(progress: Readable): Promise<void> {
  let last = '';
  progress.on('data', (chunk: Buffer) => {
    last = (last + chunk.toString('utf8')).slice(-4_000);
  });
  await finished(progress);
  const error = /"error":"((?:[^"\\]|\\.)*)"/.exec(last)?.[1];
  if (error) throw new Error(error);
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
