import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';
import type { FrontendProvider } from '../builder/frontend.ts';
import { SandpackProvider } from '../builder/host/provider.ts';
import { parseConfig } from '../config/read-config.ts';
import type { DatabaseProvider, DatabaseSpec } from '../databases/database.ts';
import { createDatabaseProviders } from '../databases/providers.ts';
import { detectProject } from '../detection/detect-project.ts';
import { createFixedGate } from '../egress/fixed-gate.ts';
import { NetworkLog } from '../proxy/network-log.ts';
import { ChannelHub } from '../realtime/channel-hub.ts';
import { ProcessRuntime } from '../runtimes/process/runtime.ts';
import type { LimitEvent, Pod, Runtime } from '../runtimes/runtime.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import { prepareStateDirectory, type StatePaths } from '../storage/state-directory.ts';
import type { FoundPlan } from './environment-parts.ts';
import { Run } from './run.ts';
import { StartSteps } from './start-steps.ts';

let base: string;
let worktree: string;
let paths: StatePaths;
let run: Run | undefined;
let entries: Omit<ConsoleEntry, 'at'>[];
let events: string[];
let pods: Pod[];
let foundPlan: FoundPlan | undefined;
let onBranch: (branch: string) => void;
let reportLimit: (event: LimitEvent) => void;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-run-')));
  worktree = join(base, 'tree');
  await mkdir(worktree);
  paths = prepareStateDirectory(join(base, 'home'));
  entries = [];
  events = [];
  pods = [];
  foundPlan = undefined;
  onBranch = () => undefined;
});
afterEach(async () => {
  await run?.end();
  await rm(base, { recursive: true, force: true });
});

const none = () => {
  const provider = createDatabaseProviders().get('none');
  if (!provider) throw new Error('There is no provider "none"');
  return provider;
};

const sandpack = () => new SandpackProvider({ sharedCacheDirectory: join(paths.sharedCache, 'vendor') });

async function start(
  backend: string,
  database: DatabaseProvider = none(),
  provider: FrontendProvider = sandpack(),
): Promise<Run> {
  const config = parseConfig(`isolation: { backend: ${backend} }`);
  const real = new ProcessRuntime({ stateDirectory: paths.runtime });
  const runtime: Runtime = {
    name: 'process',
    probe: (signal) => real.probe(signal),
    sweep: () => real.sweep(),
    createPod: async (spec, signal) => {
      reportLimit = (event) => spec.onLimit?.(event);
      const pod = await real.createPod(spec, signal);
      pods.push(pod);
      return pod;
    },
  };
  const record: EnvironmentRecord = {
    id: 'run-test',
    taskId: 't',
    agentId: 'a',
    title: 'Test',
    worktree,
    mainCheckout: worktree,
    branch: 'main',
    status: 'initializing',
    provider: 'sandpack',
    providerReason: 'test',
    runtime: 'process',
    database: database.engine,
    secret: 's'.repeat(43),
    cookie: 'c'.repeat(43),
    config,
    allowedHosts: [],
    createdAt: Date.now(),
    lastUsedAt: Date.now(),
  };
  const dataDirectory = join(paths.environments, record.id);
  const spec: DatabaseSpec = {
    environmentId: record.id,
    dataDirectory,
    worktree,
    mainCheckout: worktree,
    template: config.isolation.backend.database.template,
    url: config.isolation.backend.database.url,
    runCommand: () => Promise.reject(new Error('not in a pod')),
  };
  run = new Run({
    record,
    parts: { paths, runtime, database, provider },
    origin: 'http://run-test.localhost:1',
    dataDirectory,
    ownDirectory: join(paths.own, record.id),
    database: spec,
    steps: new StartSteps(() => undefined),
    hub: new ChannelHub(),
    network: new NetworkLog(() => undefined),
    log: (entry) => entries.push(entry),
    touch: () => undefined,
    onServiceState: () => undefined,
    onEvent: (type, detail) => events.push(`${type}: ${detail}`),
    onPodGone: () => undefined,
    foundPlan,
    onWorktreeRemoved: () => undefined,
    onPackagesStale: () => undefined,
    onBranch: (branch) => onBranch(branch),
    installGate: (allowed) =>
      createFixedGate({ allowed, log: new NetworkLog(() => undefined), ownPorts: () => [] }),
  });
  await run.start();
  return run;
}
const LISTEN =
  "require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT, process.env.HOST)";
const textsOf = (service: string) =>
  entries.filter((entry) => entry.service === service && entry.source === 'server').map(({ text }) => text);

/** A provider that runs the template's commands, as one for a server does. */
const commanding = (log: string[] = []): DatabaseProvider => ({
  ...none(),
  engine: 'sqlite',
  async provision({ template, runCommand, url }, signal) {
    log.push(`url ${url}`);
    for (const command of [template.migrate, template.seed])
      if (command) await runCommand(command, (port) => ({ DATABASE_URL: `db:${port}` }), signal);
    return { env: () => ({ DATABASE_URL: 'db:own' }), detail: 'made' };
  },
});

test('a template’s commands run in the pod, before the services, with their variables and the console', async () => {
  await writeFile(join(worktree, 'server.js'), `console.log(process.env.DATABASE_URL); ${LISTEN}`);
  await start(
    `{ env: { SEED: blue }, database: { template: { migrate: "node -e 'console.log(process.env.DATABASE_URL, process.cwd(), process.env.SEED)'", seed: "echo seeded" } } }`,
    commanding(),
  );
  expect(textsOf('migrate')).toEqual([`db:null ${worktree} blue`]);
  expect(textsOf('seed')).toEqual(['seeded']);
  expect(textsOf('backend')).toEqual(['db:own']);
  expect(run?.services).toMatchObject([{ name: 'backend', status: 'running' }]);
});

test('a command that fails stops the start with its last lines, and is tried again in the sandbox there is', async () => {
  await writeFile(join(worktree, 'server.js'), LISTEN);
  const starting = start(
    '{ database: { template: { migrate: "test -e table || { echo no such table; exit 3; }" } } }',
    commanding(),
  );
  await expect(starting).rejects.toMatchObject({
    code: 'DATABASE_COMMAND_FAILED',
    message: expect.stringMatching(/template\.migrate exited with code 3.*no such table/),
  });
  await writeFile(join(worktree, 'table'), '');
  expect(await run?.retry()).toBe(true);
  expect(run?.services).toMatchObject([{ name: 'backend', status: 'running' }]);
  expect(pods).toHaveLength(1);
  await run?.end();
  expect(run?.services).toMatchObject([{ name: 'backend', status: 'exited' }]);
  await pods[0]?.gone;
});

test.each([
  ['no longer ago than a second is not looked for again', 0, true],
  ['earlier is looked for again', 10_000, false],
])('what was found in the worktree %s', async (_, ageMs, isTaken) => {
  await writeFile(join(worktree, 'index.html'), '<h1>App</h1>');
  const plan = await detectProject(worktree, parseConfig('').isolation);
  foundPlan = { plan, at: performance.now() - ageMs };
  const { plan: taken } = await start('{}');
  expect(taken).toEqual(plan);
  expect(taken === plan).toBe(isTaken);
});

test('a frontend that failed is tried again beside the backend that runs', async () => {
  await writeFile(join(worktree, 'index.html'), '<h1>App</h1>');
  await writeFile(join(worktree, 'server.js'), LISTEN);
  let tries = 0;
  const broken: FrontendProvider = {
    name: 'sandpack',
    start: (context, signal) =>
      ++tries === 1
        ? Promise.reject(new Error('no such plugin'))
        : sandpack().start({ ...context, emit: () => undefined }, signal),
  };
  await expect(start('{}', none(), broken)).rejects.toThrow('no such plugin');
  const before = run?.services;
  expect(await run?.retry()).toBe(true);
  expect(run?.services).toEqual(before);
  expect(run?.frontend).toBeDefined();
  expect(pods).toHaveLength(1);
});

test('another project by now is nothing to go on with', async () => {
  await writeFile(join(worktree, 'server.js'), 'process.exit(1)');
  const started = await start('{}');
  await rm(join(worktree, 'server.js'));
  expect(await started.retry()).toBe(false);
});

test('a command does not wait for a sandbox that could not be made', async () => {
  await writeFile(join(worktree, 'server.js'), LISTEN);
  await rm(paths.run, { recursive: true });
  await writeFile(paths.run, 'in the way');
  await expect(start('{ database: { template: { migrate: "true" } } }', commanding())).rejects.toThrow();
});

test('the URL of the user’s own server has the companion’s variables, and names one that is missing', async () => {
  await writeFile(join(worktree, 'server.js'), LISTEN);
  const log: string[] = [];
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration's own syntax
  const url = '{ database: { url: "postgres://u:${VITRINE_TEST_PASSWORD}@localhost/" } }';
  await expect(start(url, commanding(log))).rejects.toMatchObject({
    code: 'DATABASE_URL_INCOMPLETE',
    message: expect.stringContaining('VITRINE_TEST_PASSWORD'),
  });
  process.env.VITRINE_TEST_PASSWORD = 'secret';
  try {
    await start(url, commanding(log));
  } finally {
    delete process.env.VITRINE_TEST_PASSWORD;
  }
  expect(log).toEqual(['url postgres://u:secret@localhost/']);
});

test('the database can be had alone: the services are stopped for it, and run again after', async () => {
  await writeFile(join(worktree, 'server.js'), LISTEN);
  const started = await start('{}', commanding());
  const before = started.services[0]?.restarts ?? 0;
  const seen = await started.withDatabase(async (database, signal) => {
    await database.runCommand('echo again', () => ({}), signal);
    return started.services.map(({ status }) => status);
  });
  expect(seen).toEqual(['starting']);
  expect(textsOf('database')).toEqual(['again']);
  await expect.poll(() => started.services[0]?.status, { timeout: 10_000 }).toBe('running');
  expect(started.services[0]?.restarts).toBe(before + 1);
});

test('a reached limit is told once, in words, with the key that raises it', async () => {
  await writeFile(join(worktree, 'server.js'), LISTEN);
  await start('{ resource_limits: { pids: 300, disk_mb: 64 } }');
  for (let n = 0; n < 100; n += 1) reportLimit({ limit: 'processes', ended: false });
  reportLimit({ limit: 'disk', ended: true, service: 'backend' });
  expect(entries.filter(({ level }) => level === 'error').map(({ text }) => text)).toEqual([
    expect.stringMatching(/300 processes.*resource_limits\.pids/s),
    expect.stringMatching(/"backend" was ended.*64 MB of disk.*resource_limits\.disk_mb/s),
  ]);
  expect(events.map((event) => event.split(':')[0])).toEqual(['limit_processes', 'limit_disk']);
});

test('a service that ends just after a limit was told to have ended it says that limit', async () => {
  await writeFile(join(worktree, 'server.js'), `setTimeout(() => process.exit(1), 900); ${LISTEN}`);
  const started = await start('{ resource_limits: { disk_mb: 64 } }');
  reportLimit({ limit: 'disk', ended: true, service: 'backend' });
  await expect.poll(() => started.services[0]?.failure?.code, { timeout: 5_000 }).toBe('BACKEND_OUT_OF_DISK');
});

test('an image is refused before anything is made where the runtime has none', async () => {
  await writeFile(join(worktree, 'server.js'), LISTEN);
  await expect(start('{ services: { redis: { image: redis } } }')).rejects.toMatchObject({
    code: 'SERVICE_NEEDS_DOCKER',
  });
  expect(pods).toEqual([]);
});

test('only the service whose files changed is started anew', async () => {
  for (const name of ['a', 'b']) {
    await mkdir(join(worktree, name));
    await writeFile(join(worktree, name, 'main.js'), LISTEN);
  }
  const started = await start(
    '{ services: { a: { command: node main.js, directory: a, port: 4000 }, b: { command: node main.js, directory: b, port: 4001 } } }',
  );
  await writeFile(join(worktree, 'a/main.js'), `${LISTEN} // changed`);
  await expect
    .poll(() => started.services.map(({ restarts }) => restarts), { timeout: 10_000 })
    .toEqual([1, 0]);
});

test('a backend that was given up is tried again in the sandbox there is', async () => {
  await writeFile(
    join(worktree, 'server.js'),
    `if (require('fs').existsSync('ready.txt')) ${LISTEN}; else setInterval(() => {}, 1_000);`,
  );
  const started = await start('{ command: node server.js, port: 4321, health: { timeout: 1s } }');
  expect(started.failure?.message).toContain('4321');
  expect(started.canRetry).toBe(true);
  await started.retry();
  expect(started.failure?.message).toContain('4321');

  await writeFile(join(worktree, 'ready.txt'), '');
  await started.retry();
  expect(started.failure).toBeUndefined();
  expect(started.services).toMatchObject([{ name: 'backend', status: 'running' }]);
  expect(pods).toHaveLength(1);
});

test('a checkout under a running preview tells the branch that the worktree is on now', async () => {
  const git = (...args: string[]) => execFileSync('git', ['-C', worktree, ...args], { stdio: 'pipe' });
  await writeFile(join(worktree, 'server.js'), LISTEN);
  git('init', '-q', '-b', 'main');
  git(
    '-c',
    'user.name=A',
    '-c',
    'user.email=a@example.invalid',
    'commit',
    '-q',
    '--allow-empty',
    '-m',
    'first',
  );
  await start('{}');
  const told = Promise.withResolvers<string>();
  onBranch = told.resolve;
  git('checkout', '-q', '-b', 'other/branch');
  await writeFile(join(worktree, 'server.js'), `${LISTEN} // of the other branch`);
  expect(await told.promise).toBe('other/branch');
});
