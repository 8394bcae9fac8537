import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseConfig } from '../../config/read-config.ts';
import { withoutMissingEnvFiles } from './env-file-options.ts';
import { launchOf } from './launch-services.ts';

async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'vitrine-env-file-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

test('an env file that is not there is left out of the command, and one that is there stays', async () => {
  const cwd = await makeDirectory();
  await writeFile(join(cwd, '.env.shared'), '');
  const line = 'tsx watch --env-file=.env --env-file .env.shared --env-file "../.env.dev" src/index.ts';
  expect(await withoutMissingEnvFiles(line, cwd)).toEqual({
    command: 'tsx watch --env-file .env.shared src/index.ts',
    missing: ['.env', '../.env.dev'],
  });
});

test('what it says in the main checkout reaches the service, whatever it is called', async () => {
  const base = await makeDirectory();
  const [worktree, mainCheckout] = [join(base, 'attempt'), join(base, 'main')];
  await mkdir(join(worktree, 'api'), { recursive: true });
  await mkdir(join(mainCheckout, 'api'), { recursive: true });
  await writeFile(join(mainCheckout, 'api/.env.dev'), 'GREETING=hello');
  const record = { worktree, mainCheckout, runtime: 'process' as const, config: parseConfig('') };
  const plan = { command: 'node --env-file=.env.dev a.js', cwd: join(worktree, 'api'), env: {} };
  const launch = await launchOf(plan, { record, database: {}, egress: {}, origin: 'http://a.localhost' });
  expect(launch.command).toMatch(/node a\.js$/);
  expect(launch.env({})).toMatchObject({ GREETING: 'hello' });
});
