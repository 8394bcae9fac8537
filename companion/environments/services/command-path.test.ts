import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commandPath, withPath } from './command-path.ts';

const run = promisify(execFile);
const originalPath = process.env.PATH;
let directory: string;
let worktree: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "vitrine-it's-"));
  worktree = join(directory, 'worktree');
  await mkdir(join(worktree, 'apps/api'), { recursive: true });
});

afterEach(async () => {
  process.env.PATH = originalPath;
  await rm(directory, { recursive: true, force: true });
});

const place = (runtime: 'process' | 'docker' = 'process') => ({
  worktree,
  mainCheckout: join(directory, 'main'),
  cwd: join(worktree, 'apps/api'),
  runtime,
});

async function program(path: string, prints: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho ${prints}\n`);
  await chmod(path, 0o755);
}

async function wantsNode(range: string): Promise<void> {
  await writeFile(join(worktree, 'apps/api/package.json'), JSON.stringify({ engines: { node: range } }));
}

test('a command finds the programs of its packages, the nearest first, then the main checkout’s', async () => {
  await program(join(directory, 'main/node_modules/.bin/tool'), 'main');
  const line = async () => withPath('tool', await commandPath(place()));
  expect((await run('sh', ['-c', String(await line())])).stdout).toBe('main\n');
  await program(join(worktree, 'node_modules/.bin/tool'), 'worktree');
  expect((await run('sh', ['-c', String(await line())])).stdout).toBe('worktree\n');
  await program(join(worktree, 'apps/api/node_modules/.bin/tool'), 'package');
  expect((await run('sh', ['-c', String(await line())])).stdout).toBe('package\n');
});

test('Vitrine’s Node runs a backend that the user’s is too old for, and no other', async () => {
  await program(join(directory, 'bin/node'), 'v18.0.0');
  process.env.PATH = [join(directory, 'bin'), originalPath].join(delimiter);
  const own = dirname(process.execPath);
  await wantsNode('>=22');
  expect(await commandPath(place())).toContain(own);
  expect(await commandPath(place('docker'))).not.toContain(own);
  await wantsNode('>=18');
  expect(await commandPath(place())).not.toContain(own);
  await wantsNode('>=99');
  expect(await commandPath(place())).not.toContain(own);
  await wantsNode('whatever');
  expect(await commandPath(place())).not.toContain(own);
});

test('a list of arguments is run as it is', () => {
  expect(withPath(['node', 'server.js'], ['/somewhere'])).toEqual(['node', 'server.js']);
});

test('Vitrine’s Node runs a tool that the user’s is too old for, be it not among the releases it names', async () => {
  await program(join(directory, 'bin/node'), 'v18.0.0');
  process.env.PATH = [join(directory, 'bin'), originalPath].join(delimiter);
  const toolWants = async (node: string) => {
    await mkdir(join(directory, 'main/node_modules/nuxt'), { recursive: true });
    await writeFile(
      join(directory, 'main/node_modules/nuxt/package.json'),
      JSON.stringify({ engines: { node } }),
    );
    return commandPath({ ...place(), tool: 'nuxt' });
  };
  const own = dirname(process.execPath);
  expect(await toolWants('^20.19.0 || ^99.0.0')).toContain(own);
  expect(await toolWants('^18.0.0 || ^22.0.0')).not.toContain(own);
  expect(await toolWants('>=99')).not.toContain(own);
});
