import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { commitAll, git } from '../companion/demo/git.ts';

/** A backend without dependencies that answers /api/ping and keeps notes in memory. */
const SERVER = `
import { createServer } from 'node:http';
createServer((request, response) => response.end('pong')).listen(process.env.PORT, process.env.HOST);
`;

/** The files of a small project that needs no packages: a page and a server. */
export const PLAIN_PROJECT: Record<string, string> = {
  'package.json': JSON.stringify({ name: 'plain', type: 'module', scripts: { server: 'node server.js' } }),
  'index.html': '<!doctype html><title>Plain</title><h1>Plain page</h1>',
  'server.js': SERVER,
};

/** Writes files below a directory. */
export async function writeFiles(directory: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** Makes a repository with these files committed and returns its directory. */
export async function makeProject(directory: string, files: Record<string, string>): Promise<string> {
  await mkdir(directory, { recursive: true });
  await git(directory, ['init', '--quiet', '--initial-branch=main']);
  await git(directory, ['config', 'user.name', 'Test']);
  await git(directory, ['config', 'user.email', 'test@localhost']);
  await writeFiles(directory, files);
  if (Object.keys(files).length > 0) await commitAll(directory, 'Start');
  return directory;
}
