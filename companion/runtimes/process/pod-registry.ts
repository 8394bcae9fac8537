import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { ProcessIdentity } from './identity.ts';

const identitySchema = z.object({ pid: z.int().min(2), startedAt: z.string().min(1) });
const podRecordSchema = z.object({
  environmentId: z.string(),
  /** The pod's outermost process: all others end with it. */
  supervisor: identitySchema,
  /** Process groups of services; only where no process namespace ends them. */
  services: z.array(identitySchema).default([]),
  /** Where its sockets are, or '' where a record of an older version does not tell. */
  runDirectory: z.string().default(''),
  /** Directories outside the pod's run directory that were made for it. */
  directories: z.array(z.string()).default([]),
});
export type PodRecord = z.infer<typeof podRecordSchema>;

/** What is running, in a file, so that a later companion can end what a killed one left. */
export class PodRegistry {
  readonly #file: string;
  readonly #records = new Map<string, PodRecord>();
  #saving: Promise<void> = Promise.resolve();

  constructor(stateDirectory: string) {
    this.#file = join(stateDirectory, 'process-pods.json');
  }

  /** What an earlier companion recorded. A file that cannot be read counts as empty. */
  async load(): Promise<PodRecord[]> {
    try {
      return z.array(podRecordSchema).parse(JSON.parse(await readFile(this.#file, 'utf8')));
    } catch {
      return [];
    }
  }

  set(podId: string, record: PodRecord): Promise<void> {
    this.#records.set(podId, record);
    return this.#save();
  }

  async addService(podId: string, service: ProcessIdentity): Promise<void> {
    const record = this.#records.get(podId);
    if (record) await this.set(podId, { ...record, services: [...record.services, service] });
  }

  delete(podId: string): Promise<void> {
    this.#records.delete(podId);
    return this.#save();
  }

  clear(): Promise<void> {
    this.#records.clear();
    return this.#save();
  }

  /** One write after the other, each of the newest state, so that the file is never half of one. */
  #save(): Promise<void> {
    this.#saving = this.#saving
      .catch(() => {})
      .then(async () => {
        await mkdir(dirname(this.#file), { recursive: true });
        const partial = `${this.#file}.partial`;
        await writeFile(partial, JSON.stringify([...this.#records.values()]), { mode: 0o600 });
        await rename(partial, this.#file);
      });
    return this.#saving;
  }
}
