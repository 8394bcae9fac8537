import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

/** Modules remembered; the ones served longest ago go first. */
const MAX_MODULES = 5_000;
/** What was served this long ago, ms, is on disk. */
const WRITE_AFTER_MS = 500;
const TIME = /([?&])t=\d+(?:&|$)/;

/** A module that pages loaded: path and query, and the tag it came with. */
const loadedModuleSchema = z.object({ url: z.string().max(2_048), etag: z.string().max(128) });
export type LoadedModule = z.infer<typeof loadedModuleSchema>;

const memorySchema = z.object({
  session: z.uuid(),
  modules: z.array(loadedModuleSchema).max(MAX_MODULES),
});

/**
 * What the open pages of an environment run, for a builder that takes another's place. Kept on disk, so that pages
 * also outlive the companion: in a directory that the pod does not see, as a link or a pipe in the place of the file would
 * lead what is written elsewhere, or have the companion wait.
 */
export class PageMemory {
  /** Pages of another session are not known here. */
  readonly session: string;
  readonly #file: string;
  /** The newest of each module, by its URL without a time. */
  readonly #modules = new Map<string, LoadedModule>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
    const before = read(file);
    this.session = before?.session ?? randomUUID();
    for (const module of before?.modules ?? []) this.#modules.set(keyOf(module), module);
  }

  get modules(): LoadedModule[] {
    return [...this.#modules.values()];
  }

  add(module: LoadedModule): void {
    const key = keyOf(module);
    this.#modules.delete(key);
    this.#modules.set(key, module);
    const [oldest] = this.#modules.keys();
    if (this.#modules.size > MAX_MODULES && oldest !== undefined) this.#modules.delete(oldest);
    this.#timer ??= setTimeout(() => this.#write(), WRITE_AFTER_MS).unref();
  }

  /** Resolves when everything is on disk. */
  async close(): Promise<void> {
    if (this.#timer) this.#write();
    await this.#writing;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = JSON.stringify({ session: this.session, modules: this.modules });
    this.#writing = this.#writing
      .then(async () => {
        await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
        await writeFile(`${this.#file}.draft`, text, { mode: 0o600 });
        await rename(`${this.#file}.draft`, this.#file);
      })
      // A full disk costs pages their state after a restart, nothing else.
      .catch(() => undefined);
  }
}

const keyOf = ({ url }: LoadedModule): string => url.replace(TIME, '$1').replace(/[?&]$/, '');

/** Another version may have written it, and pages say what is in it: that is checked. */
function read(file: string): z.infer<typeof memorySchema> | null {
  try {
    return memorySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null; // none yet, or not ours
  }
}
