import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import type { ResourceLimits } from '#shared/config/environment-config.ts';
import { VitrineError } from '#shared/errors.ts';
import { LineSplitter } from '../../output/line-splitter.ts';
import type { Connection } from '../connection.ts';
import type { Image, ImageProgress } from '../images.ts';
import { BUILD_LABEL, HOME_LABEL, WORKTREE_LABEL } from '../labels.ts';
import { readProgress } from '../progress.ts';
import { type BuildContext, readContext, readEntry } from './context.ts';
import { checkDockerfile } from './dockerfile.ts';
import { shareWork } from './share-work.ts';

/** An app with its packages takes a minute; one that compiles its own runtime is better built by hand. */
const BUILD_DEADLINE_MS = 900_000;
/** Files that change while they are read are read again this often. */
const MAX_ATTEMPTS = 3;
/** Compilers and package managers need more than the app they build. */
const MIN_BUILD_MEMORY_MB = 2_048;
const MIB = 1024 * 1024;
/** Last lines of a failed build that its error carries. */
const KEPT_LINES = 12;
/** Names in the archive that no project has; the engine takes both out of the context again. */
const DOCKERFILE_NAME = '.vitrine.dockerfile';
const DOCKERIGNORE = `.dockerignore\n${DOCKERFILE_NAME}\n`;

export interface BuildRequest {
  worktree: string;
  /** Absolute, or relative to the worktree; inside it. */
  dockerfile: string;
  context: string;
  /** What the build's own commands see of the network: the pod's namespace. */
  network: string;
  /** Address of a proxy in there, their way out. */
  proxy: string | null;
  limits: ResourceLimits;
  homeLabel: string;
}

/**
 * The image of a Dockerfile, built unless one of exactly the same content is there. Its commands run in the pod's
 * network namespace, so that a build reaches no more than the services do. Throws IMAGE_BUILD_FAILED with the step
 * and its last lines. Several who want the same one wait for one build, which ends when none of them waits any more.
 */
export async function builtImage(
  connection: Connection,
  request: BuildRequest,
  progress: ImageProgress,
  signal: AbortSignal,
): Promise<Image> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await findOrBuild(connection, request, progress, signal);
    } catch (error) {
      const isChanged = error instanceof VitrineError && error.code === 'BUILD_CONTEXT_CHANGED';
      if (!isChanged || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

async function findOrBuild(
  connection: Connection,
  request: BuildRequest,
  progress: ImageProgress,
  signal: AbortSignal,
): Promise<Image> {
  const context = await readContext(request.worktree, request, signal);
  checkDockerfile(context.dockerfile, request.dockerfile);
  const reference = `vitrine-build:${context.hash.slice(0, 32)}`;
  const there = await connection.images.find(reference);
  if (there) return there;
  return shareWork(`${request.homeLabel} ${reference}`, signal, (shared) =>
    build(connection, request, context, reference, progress, shared),
  );
}

async function build(
  { engine, images }: Connection,
  request: BuildRequest,
  context: BuildContext,
  reference: string,
  progress: ImageProgress,
  signal: AbortSignal,
): Promise<Image> {
  const deadline = AbortSignal.timeout(BUILD_DEADLINE_MS);
  const stop = AbortSignal.any([signal, deadline]);
  const lines: string[] = [];
  let step = '';
  const splitter = new LineSplitter((line) => {
    if (line.trim() === '') return;
    if (/^Step \d+\/\d+ :|^STEP \d+(?:\/\d+)?:/.test(line)) step = line;
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    progress(line);
  });
  const worktree = createHash('sha256').update(request.worktree).digest('hex').slice(0, 16);
  progress(`Building the image of ${request.dockerfile}`);
  const archive = pack();
  const filled = fill(archive, context, stop).catch((error: unknown) => {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  filled.catch(() => {}); // looked at below
  try {
    const answer = await engine.docker.buildImage(Readable.from(archive), {
      t: reference,
      dockerfile: DOCKERFILE_NAME,
      labels: { [HOME_LABEL]: request.homeLabel, [WORKTREE_LABEL]: worktree, [BUILD_LABEL]: context.hash },
      networkmode: request.network,
      buildargs: request.proxy === null ? {} : proxyArguments(request.proxy),
      memory: Math.max(MIN_BUILD_MEMORY_MB, request.limits.memory_mb) * MIB,
      cpushares: request.limits.cpu_shares,
      rm: true,
      forcerm: true,
      abortSignal: stop,
    });
    await readProgress(answer as Readable, (text) => splitter.push(Buffer.from(text)));
    await filled;
    const image = await images.find(reference);
    if (!image) throw new Error('the engine did not say why');
    await removeOlder(engine, worktree, reference, request.homeLabel);
    return image;
  } catch (cause) {
    archive.destroy();
    const own = await filled.then(
      () => null,
      (error: unknown) => error,
    );
    signal.throwIfAborted();
    if (own instanceof VitrineError) throw own;
    splitter.end();
    throw buildFailed(request, cause, { step, lines, tookTooLong: deadline.aborted });
  }
}

/** Everything of the context, with the Dockerfile that was checked rather than the one that may be there by now. */
async function fill(archive: Pack, context: BuildContext, signal: AbortSignal): Promise<void> {
  for (const entry of context.entries) {
    signal.throwIfAborted();
    const { path, kind, mode, bytes, target } = entry;
    if (path === '.dockerignore') continue;
    // Times would make the engine's cache miss; owners are the build's business.
    const header = { name: path, mode, mtime: new Date(0) };
    if (kind === 'directory') await added(archive, { ...header, type: 'directory' });
    else if (kind === 'symlink') await added(archive, { ...header, type: 'symlink', linkname: target ?? '' });
    else {
      const file = archive.entry({ ...header, type: 'file', size: bytes });
      await pipeline(readEntry(context.directory, entry, signal), file, { signal });
    }
  }
  await added(archive, { name: '.dockerignore', mtime: new Date(0) }, DOCKERIGNORE);
  await added(archive, { name: DOCKERFILE_NAME, mtime: new Date(0) }, context.dockerfile);
  archive.finalize();
}

function added(archive: Pack, header: Parameters<Pack['entry']>[0], content = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry(header, content, (error) => (error ? reject(error) : resolve()));
  });
}

/** The engine knows these without a Dockerfile declaring them, and keeps them out of the image. */
function proxyArguments(proxy: string): Record<string, string> {
  const without = 'localhost,127.0.0.1,::1';
  return {
    ...{ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy },
    ...{ NO_PROXY: without, no_proxy: without },
  };
}

/** What the worktree's Dockerfile was before. One that is in use stays, until the next build. */
async function removeOlder(
  engine: Connection['engine'],
  worktree: string,
  reference: string,
  homeLabel: string,
): Promise<void> {
  try {
    const label = [`${HOME_LABEL}=${homeLabel}`, `${WORKTREE_LABEL}=${worktree}`];
    const found = await engine.call(
      'list images',
      engine.docker.listImages({ filters: JSON.stringify({ label }) }),
    );
    const older = found.filter(({ RepoTags }) => !RepoTags?.some((tag) => tag.endsWith(reference)));
    await Promise.allSettled(
      older.map(({ Id }) => engine.call('remove an image', engine.docker.getImage(Id).remove())),
    );
  } catch {
    // They cost disk, no more; the next build tries again.
  }
}

function buildFailed(
  { dockerfile }: BuildRequest,
  cause: unknown,
  { step, lines, tookTooLong }: { step: string; lines: string[]; tookTooLong: boolean },
): VitrineError {
  const why = tookTooLong
    ? `it took longer than ${BUILD_DEADLINE_MS / 60_000} minutes`
    : cause instanceof Error
      ? cause.message.trim()
      : String(cause);
  return new VitrineError({
    code: 'IMAGE_BUILD_FAILED',
    message: `The image of ${dockerfile} could not be built${step ? ` (${step.trim()})` : ''}: ${why}${
      lines.length > 0 ? `\n${lines.join('\n')}` : ''
    }`,
    remedy:
      'Correct the Dockerfile. What its RUN lines fetch passes the sandbox’s way out: allow the hosts they need. One that needs BuildKit is built by hand and named in isolation.backend.image.',
    status: 422,
    cause,
  });
}
