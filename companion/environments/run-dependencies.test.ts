import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseConfig } from '../config/read-config.ts';
import { createDatabaseProviders } from '../databases/providers.ts';
import { detectProject } from '../detection/detect-project.ts';
import { createFixedGate } from '../egress/fixed-gate.ts';
import { NetworkLog } from '../proxy/network-log.ts';
import { ChannelHub } from '../realtime/channel-hub.ts';
import { ProcessRuntime } from '../runtimes/process/runtime.ts';
import { prepareStateDirectory } from '../storage/state-directory.ts';
import type { RunContext } from './run-context.ts';
import { RunDependencies } from './run-dependencies.ts';
import { StartSteps } from './start-steps.ts';

const LOCK = '{"lockfileVersion":3,"packages":{}}';

let base: string;
let dependencies: RunDependencies;
const ending = new AbortController();

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-packages-')));
  // A monorepo: its packages lead to its own sources, so they are shown inside the worktree.
  await write('main/package.json', '{"workspaces":["app"]}');
  await write('main/package-lock.json', LOCK);
  await write('main/app/package.json', '{"name":"app","dependencies":{"ms":"2"}}');
  await write('main/app/index.html', '<script type="module" src="/main.js"></script>');
  await write('main/app/vite.config.js', '');
  await cp(join(base, 'main'), join(base, 'attempt'), { recursive: true });
  await write('main/node_modules/ms/package.json', '{}');
  await symlink('../app', join(base, 'main/node_modules/app'));
  dependencies = new RunDependencies(context(), ending.signal);
});
afterEach(async () => {
  dependencies.close();
  await rm(base, { recursive: true, force: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(base, path)), { recursive: true });
  await writeFile(join(base, path), text);
}

function context(): RunContext {
  const paths = prepareStateDirectory(join(base, 'home'));
  const database = createDatabaseProviders().get('none');
  if (!database) throw new Error('There is no provider "none"');
  const record = {
    id: 'packages-test',
    taskId: 't',
    agentId: 'a',
    title: 'Test',
    worktree: join(base, 'attempt'),
    mainCheckout: join(base, 'main'),
    branch: 'main',
    status: 'initializing' as const,
    provider: 'sandpack' as const,
    providerReason: 'test',
    runtime: 'process' as const,
    database: 'none' as const,
    secret: 's'.repeat(43),
    cookie: 'c'.repeat(43),
    config: parseConfig(''),
    allowedHosts: [],
    createdAt: Date.now(),
    lastUsedAt: Date.now(),
  };
  return {
    record,
    parts: {
      paths,
      runtime: new ProcessRuntime({ stateDirectory: paths.runtime }),
      database,
      provider: { name: 'sandpack', start: () => Promise.reject(new Error('no frontend is started here')) },
    },
    origin: 'http://packages-test.localhost:1',
    dataDirectory: join(paths.environments, record.id),
    ownDirectory: join(paths.own, record.id),
    database: {
      environmentId: record.id,
      dataDirectory: join(paths.environments, record.id),
      worktree: record.worktree,
      mainCheckout: record.mainCheckout,
      template: {},
      runCommand: () => Promise.reject(new Error('no command is run here')),
    },
    steps: new StartSteps(() => undefined),
    hub: new ChannelHub(),
    network: new NetworkLog(() => undefined),
    log: () => undefined,
    touch: () => undefined,
    onServiceState: () => undefined,
    onPodGone: () => undefined,
    onWorktreeRemoved: () => undefined,
    onPackagesStale: () => undefined,
    installGate: (allowed) =>
      createFixedGate({ allowed, log: new NetworkLog(() => undefined), ownPorts: () => [] }),
  };
}

test('what an agent installs where the main checkout’s packages are shown asks for a new sandbox', async () => {
  const worktree = join(base, 'attempt');
  const plan = await detectProject(worktree, parseConfig('').isolation);
  const { mounts } = await dependencies.provide(plan);
  expect(mounts).toContainEqual(
    expect.objectContaining({ target: join(worktree, 'node_modules'), makePoint: true }),
  );
  const stale = Promise.withResolvers<void>();
  // As `npm install` does: packages, lock file, and the file of its own last.
  await write('attempt/node_modules/ms/package.json', '{}');
  await write('attempt/package-lock.json', LOCK.replace('{}', '{"node_modules/ms":{}}'));
  await write('attempt/node_modules/.package-lock.json', LOCK);
  dependencies.filesChanged([join(worktree, 'package-lock.json')], stale.resolve);
  await stale.promise;
  // A life after it takes what is there.
  const next = await new RunDependencies(context(), ending.signal).provide(plan);
  expect(next.detail).toContain('the worktree’s own');
});

test('attack 20: what a sandbox may write to is nothing that the next one is made of', async () => {
  const { dataDirectory } = context();
  const { mounts } = await dependencies.provide(
    await detectProject(join(base, 'attempt'), parseConfig('').isolation),
  );
  expect(mounts.filter(({ source }) => source.startsWith(dataDirectory))).toEqual([]);
  expect(mounts.some(({ writable }) => writable)).toBe(true);
});

test('attack 20: a link that an installation left in the place of its home leads to no file of others', async () => {
  await write('victim/.npmrc', 'precious');
  const install = join(context().ownDirectory, 'install');
  await mkdir(install, { recursive: true });
  await symlink(join(base, 'victim'), join(install, 'home'));
  await dependencies.provide(await detectProject(join(base, 'attempt'), parseConfig('').isolation));
  expect(await readFile(join(base, 'victim/.npmrc'), 'utf8')).toBe('precious');
});
