import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = 'hosts';

/**
 * Writes what a sandbox sees as /etc/hosts: its services find each other by their names, and nobody finds the
 * machine's. IPv4 only, but for localhost: services are told to listen on 127.0.0.1.
 */
export async function writeHostsFile(directory: string, hostNames: readonly string[]): Promise<string> {
  const names = ['localhost', 'sandbox', ...hostNames.filter((name) => /^[A-Za-z0-9.-]+$/.test(name))];
  const file = join(directory, NAME);
  await writeFile(file, `127.0.0.1 ${[...new Set(names)].join(' ')}\n::1 localhost\n`, { mode: 0o644 });
  return file;
}
