import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '../../storage/state-directory.ts';

const BYTES = 32;

/** The state directory's own random secret. Every password and every name on a server is derived from it. */
export class Secret {
  readonly #key: Buffer;

  private constructor(key: Buffer) {
    this.#key = key;
  }

  /** Reads it, or makes it the first time. */
  static async load(directory: string): Promise<Secret> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const file = join(directory, 'secret');
    const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const key = Buffer.from(kept.trim(), 'hex');
    if (key.length === BYTES) return new Secret(key);
    const fresh = randomBytes(BYTES);
    await writePrivateFile(file, `${fresh.toString('hex')}\n`);
    return new Secret(fresh);
  }

  /** A password that only this state directory knows. */
  password(role: string): string {
    return this.#derive(`password ${role}`).toString('base64url');
  }

  /** A short name for something, from which the thing cannot be told: names of roles are visible to all roles. */
  alias(what: string, digits: number): string {
    return this.#derive(`name ${what}`).toString('hex').slice(0, digits);
  }

  #derive(purpose: string): Buffer {
    return createHmac('sha256', this.#key).update(purpose).digest();
  }
}
