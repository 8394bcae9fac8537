import { addAbortSignal, Readable } from 'node:stream';
import type Docker from 'dockerode';
import { VitrineError } from '#shared/errors.ts';
import { type Engine, statusOf } from './engine.ts';
import { buildNodeImage, LOCAL_NODE_IMAGE } from './node-image.ts';
import { readProgress } from './progress.ts';

export const DEFAULT_IMAGE = 'node:24-slim';
/** 80 MB on a slow line; what takes longer is better pulled by hand, where one sees the progress. */
const PULL_DEADLINE_MS = 300_000;
/** `registry:5000/name/space:tag@sha256:…`. Part of an address of the engine's API, so nothing else may be in it. */
const REFERENCE = /^[a-z0-9]+(?:(?:[._-]+|[:/@])[a-z0-9_]+)*$/i;

/** An image that is there, and what it says of itself. */
export interface Image {
  /** What containers are made from. */
  reference: string;
  env: Record<string, string>;
  /** Null for root. */
  user: string | null;
  /** Directories it declares as volumes. */
  volumes: string[];
  /** It says itself what to run. */
  hasCommand: boolean;
  /** What ends its own command. */
  stopSignal: string;
}

/** Told a line for people while an image is fetched or built. */
export type ImageProgress = (line: string) => void;

/** Sees that images are there before containers are made from them. One pull or build at a time for each image. */
export class Images {
  readonly #engine: Engine;
  readonly #stateDirectory: string;
  readonly #present = new Map<string, Promise<Image>>();

  constructor(engine: Engine, stateDirectory: string) {
    this.#engine = engine;
    this.#stateDirectory = stateDirectory;
  }

  /** The default Node image: pulled, or made from this machine's Node where it cannot be. */
  node(signal: AbortSignal): Promise<Image> {
    return this.once('', signal, async () => {
      const there = (await this.find(DEFAULT_IMAGE)) ?? (await this.find(LOCAL_NODE_IMAGE));
      if (there) return there;
      try {
        return await this.#pull(DEFAULT_IMAGE, () => {});
      } catch {
        await buildNodeImage(this.#engine, this.#stateDirectory);
        return this.#known(LOCAL_NODE_IMAGE);
      }
    });
  }

  /** An image the configuration names. Throws IMAGE_INVALID or IMAGE_UNAVAILABLE. */
  named(name: string, progress: ImageProgress, signal: AbortSignal): Promise<Image> {
    const reference = withTag(name);
    return this.once(
      reference,
      signal,
      async () => (await this.find(reference)) ?? this.#pull(reference, progress),
    );
  }

  /** Whoever gives up waiting leaves the work to the others, and to the next who asks. */
  async once(key: string, signal: AbortSignal, find: () => Promise<Image>): Promise<Image> {
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

  /** For when the engine says that an image is gone: somebody removed it, or the engine was set up anew. */
  forgetAll(): void {
    this.#present.clear();
  }

  /** Null when it is not there. */
  async find(reference: string): Promise<Image | null> {
    try {
      const inspected = await this.#engine.call(
        `look for the image ${reference}`,
        this.#engine.docker.getImage(reference).inspect(),
      );
      return imageOf(reference, inspected);
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }

  async #known(reference: string): Promise<Image> {
    const image = await this.find(reference);
    if (!image) throw new Error('the engine did not say why');
    return image;
  }

  async #pull(reference: string, progress: ImageProgress): Promise<Image> {
    const deadline = AbortSignal.timeout(PULL_DEADLINE_MS);
    try {
      progress(`Pulling the image ${reference}`);
      const answer = await this.#engine.docker.pull(reference, { abortSignal: deadline });
      await readProgress(addAbortSignal(deadline, Readable.from(answer)), () => {});
      return await this.#known(reference);
    } catch (cause) {
      const why = deadline.aborted
        ? `it took longer than ${PULL_DEADLINE_MS / 60_000} minutes`
        : messageOf(cause);
      throw new VitrineError({
        code: 'IMAGE_UNAVAILABLE',
        message: `The image ${reference} is not here and could not be pulled: ${why}`,
        remedy: `Try "docker pull ${reference}", or name another one in isolation.backend.image.`,
        status: 502,
        cause,
      });
    }
  }
}

/** Without a tag the engine would pull every one there is. */
function withTag(name: string): string {
  if (name.length > 300 || !REFERENCE.test(name)) {
    throw new VitrineError({
      code: 'IMAGE_INVALID',
      message: `"${name.slice(0, 100)}" is not the name of an image`,
      remedy: 'Write it as docker pull takes it, such as redis:7 or registry.example.com/team/app:1.2.',
      status: 422,
    });
  }
  return name.includes('@') || /:[^/]+$/.test(name) ? name : `${name}:latest`;
}

function imageOf(reference: string, { Config }: Docker.ImageInspectInfo): Image {
  const user = Config?.User ?? '';
  return {
    reference,
    env: Object.fromEntries((Config?.Env ?? []).map((line) => line.split(/=(.*)/s).slice(0, 2))),
    user: /^(?:|root|0)(?::|$)/.test(user) ? null : user,
    volumes: Object.keys(Config?.Volumes ?? {}),
    hasCommand: [Config?.Entrypoint ?? [], Config?.Cmd ?? []].flat().length > 0,
    // The types leave it out.
    stopSignal: (Config as { StopSignal?: string } | undefined)?.StopSignal || 'SIGTERM',
  };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
