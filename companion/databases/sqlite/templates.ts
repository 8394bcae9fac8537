import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSpec } from '../database.ts';
import { Builds } from '../templates/builds.ts';
import { hasCommands, runTemplateCommands } from '../templates/commands.ts';
import type { Template } from '../templates/file.ts';
import { templateKey } from '../templates/key.ts';
import { fillFrom } from './fill.ts';
import { giveToPod } from './place.ts';
import { copyFromPod } from './pod-copy.ts';

/** One for each state of a project's migrations; the least recently used go. */
const MAX_TEMPLATES = 20;
const SUFFIX = '.sqlite';

/** Databases that commands or scripts made, kept where no pod reaches them, by key. */
export class SqliteTemplates {
  readonly #directory: string;
  readonly #builds = new Builds<string>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Path of the template for the project as it is, built if need be; and whether it was built just now. */
  async get(
    spec: DatabaseSpec,
    dump: Template | null,
    signal: AbortSignal,
  ): Promise<{ path: string; built: boolean }> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const key = await templateKey(spec, 'sqlite', dump, signal);
    const path = join(this.#directory, key + SUFFIX);
    const { built } = await this.#builds.get(
      key,
      signal,
      async () => ((await isFile(path)) ? path : null),
      () => this.#build(spec, dump, path, signal),
    );
    const now = new Date();
    await utimes(path, now, now);
    return { path, built };
  }

  /** Makes it anew when it is next asked for. */
  async forget(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  /** Removes what a crash left half made. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.#directory).catch(() => [])) {
      if (!name.endsWith(SUFFIX)) await rm(join(this.#directory, name), { recursive: true, force: true });
    }
  }

  async #build(
    spec: DatabaseSpec,
    dump: Template | null,
    path: string,
    signal: AbortSignal,
  ): Promise<string> {
    const partial = join(this.#directory, `${randomBytes(6).toString('hex')}.partial`);
    try {
      if (hasCommands(spec)) await buildInPod(spec, dump, partial, signal);
      else if (dump) await fillFrom(dump, partial, signal);
      signal.throwIfAborted();
      await rename(partial, path);
    } finally {
      for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(partial + suffix, { force: true });
    }
    await this.#removeOldest(path);
    return path;
  }

  async #removeOldest(newest: string): Promise<void> {
    const names = (await readdir(this.#directory)).filter((name) => name.endsWith(SUFFIX));
    const used = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#directory, name);
        return { path, at: (await stat(path)).mtimeMs };
      }),
    );
    const oldest = used.filter(({ path }) => path !== newest).sort((a, b) => b.at - a.at);
    for (const { path } of oldest.slice(MAX_TEMPLATES - 1)) await rm(path, { force: true });
  }
}

/** The commands see a database of their own in the directory that the pod shares with us. */
async function buildInPod(
  spec: DatabaseSpec,
  dump: Template | null,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const directory = join(spec.dataDirectory, `template-${randomBytes(6).toString('hex')}`);
  const file = join(directory, 'template.sqlite');
  try {
    await mkdir(directory, { mode: 0o700 });
    if (dump) await fillFrom(dump, file, signal);
    else await (await open(file, 'wx', 0o600)).close();
    await giveToPod(spec, [directory, file]);
    await runTemplateCommands(spec, () => ({ DATABASE_URL: `file:${file}`, DATABASE_PATH: file }), signal);
    await copyFromPod(file, target, signal);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const isFile = (path: string): Promise<boolean> =>
  lstat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
