import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Of this machine alone, and not 127.0.0.1: that is the sandbox itself to whoever is in one. */
const HOST = '127.0.0.2';

/** A registry that has version 1.0.0 of any package, for those who bring the token. */
export async function startRegistry(token: string): Promise<{ url: string; stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'vitrine-registry-'));
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) return void response.writeHead(401).end();
    const path = decodeURIComponent(request.url ?? '/');
    const [, name = '', isArchive] = /^\/((?:@[\w-]+\/)?[\w-]+)(\/-\/.*\.tgz)?$/.exec(path) ?? [];
    if (!isArchive) {
      const dist = { tarball: `${url}${name}/-/package-1.0.0.tgz` };
      const versions = { '1.0.0': { name, version: '1.0.0', dist } };
      response.setHeader('content-type', 'application/json');
      return void response.end(JSON.stringify({ name, 'dist-tags': { latest: '1.0.0' }, versions }));
    }
    archive(directory, name).then(
      (bytes) => response.end(bytes),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  const url = `http://${HOST}:${address.port}/`;
  return {
    url,
    async stop() {
      server.closeAllConnections();
      server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function archive(directory: string, name: string): Promise<Buffer> {
  await mkdir(join(directory, 'package'), { recursive: true });
  await writeFile(join(directory, 'package/package.json'), JSON.stringify({ name, version: '1.0.0' }));
  await run('tar', ['-czf', 'package.tgz', 'package'], { cwd: directory });
  return readFile(join(directory, 'package.tgz'));
}
