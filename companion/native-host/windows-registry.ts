import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DEADLINE_MS = 10_000;

/** Points a native messaging key of this user at a manifest. Written from Microsoft's and Mozilla's documentation; not tested yet. */
export async function addRegistryKey(key: string, manifest: string): Promise<void> {
  await run('reg.exe', ['add', key, '/ve', '/t', 'REG_SZ', '/d', manifest, '/f'], { timeout: DEADLINE_MS });
}

export async function removeRegistryKey(key: string): Promise<void> {
  await run('reg.exe', ['delete', key, '/f'], { timeout: DEADLINE_MS }).catch(() => {}); // gone already
}
