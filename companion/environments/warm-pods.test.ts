import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SandpackProvider } from '../builder/host/provider.ts';
import { readConfig } from '../config/read-config.ts';
import { createDatabaseProviders } from '../databases/providers.ts';
import { detectProject } from '../detection/detect-project.ts';
import { ProcessRuntime } from '../runtimes/process/runtime.ts';
import type { Pod, PodSpec, Runtime } from '../runtimes/runtime.ts';
import { prepareStateDirectory, type StatePaths } from '../storage/state-directory.ts';
import { Engines } from './engines.ts';
import { findPodMounts } from './pod-mounts.ts';
import { podSpec } from './pod-spec.ts';
import { removeUnknownDirectories } from './unknown-directories.ts';
import { WarmPods, type WarmPodsOptions } from './warm-pods.ts';

const GIB = 1024 ** 3;
let base: string;
let paths: StatePaths;
let engines: Engines;
let warm: WarmPods;
let made: { spec: PodSpec; pod: Pod }[];
let asked: number;
let environments: Set<string>;
let attempts: string[];
let busy: boolean;
let free: number;
const signal = AbortSignal.timeout(60_000);

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-warm-')));
  paths = prepareStateDirectory(join(base, 'home'));
  made = [];
  environments = new Set();
  attempts = [];
  busy = false;
  free = 8 * GIB;
  asked = 0;
  const real = new ProcessRuntime({ stateDirectory: paths.runtime });
  const runtime: Runtime = {
    name: 'process',
    probe: (given) => real.probe(given),
    sweep: () => real.sweep(),
    createPod: async (spec, given) => {
      const pod = await real.createPod(spec, given);
      made.push({ spec, pod });
      return pod;
    },
  };
  engines = new Engines({
    runtimes: new Map([['process', runtime]]),
    databases: createDatabaseProviders(),
    providers: new Map([['sandpack', new SandpackProvider({ sharedCacheDirectory: paths.sharedCache })]]),
  });
  open({});
});
afterEach(async () => {
  await warm.close();
  await rm(base, { recursive: true, force: true });
});

function open(change: Partial<WarmPodsOptions>): void {
  warm = new WarmPods({
    engines,
    paths,
    candidates: async () => {
      asked += 1;
      return attempts.map((worktree) => ({ worktree, mainCheckout: base, title: 'An attempt' }));
    },
    hasEnvironment: (worktree) => environments.has(worktree),
    isBusy: () => busy,
    hasEgress: false,
    freeMemory: () => free,
    checkMs: 50,
    ...change,
  });
}

/** Adds an attempt that is newer than all before. */
async function attempt(name: string, pool = 1, more = ''): Promise<string> {
  const worktree = join(base, name);
  await mkdir(join(worktree, '.vibe-kanban'), { recursive: true });
  await writeFile(join(worktree, 'server.js'), '');
  await configure(worktree, pool, more);
  attempts.unshift(worktree);
  return worktree;
}
const configure = (worktree: string, pool: number, more = '') =>
  writeFile(
    join(worktree, '.vibe-kanban/environment.yaml'),
    `isolation: { backend: { pool: ${pool}, ${more} } }`,
  );

/** The specification that the start of an environment comes to. */
async function coldSpec(
  worktree: string,
  identity: { environmentId: string; secret: string },
): Promise<PodSpec> {
  const config = await readConfig(worktree);
  const chosen = await engines.choose({ worktree, mainCheckout: worktree }, config.isolation, signal);
  const plan = await detectProject(worktree, config.isolation);
  const { isolation } = await chosen.runtime.probe(signal);
  const { mounts } = await findPodMounts({
    worktree,
    mainCheckout: base,
    provider: chosen.provider.name,
    ownDirectory: join(paths.own, identity.environmentId),
    plan,
    canMount: isolation.files === 'enforced',
  });
  return podSpec({
    record: {
      id: identity.environmentId,
      secret: identity.secret,
      worktree,
      config,
      provider: chosen.provider.name,
    },
    paths,
    database: chosen.database,
    plan,
    mounts,
    handlers: { egress: null, onLimit: () => undefined },
  });
}
async function settle(): Promise<void> {
  warm.attemptsChanged();
  await warm.settled();
}
const held = () => warm.worktrees.sort();
const directories = () => readdir(paths.environments);

test('without a pool in any configuration no pod is made and nobody is asked again', async () => {
  await attempt('one', 0);
  await settle();
  for (let n = 0; n < 10; n += 1) warm.environmentsChanged();
  await warm.settled();
  expect([made.length, asked]).toEqual([0, 1]);
});

test('the newest attempts without an environment have pods, as many as the pool has', async () => {
  await attempt('old', 2);
  const second = await attempt('second', 2);
  const first = await attempt('first', 2);
  const shown = await attempt('shown', 2);
  environments.add(shown);
  await settle();
  expect(held()).toEqual([first, second].sort());
});

test('a claimed pod is the one a cold start would make, and its reports go to the new owner', async () => {
  const worktree = await attempt('one');
  await settle();
  const claim = warm.claim(worktree);
  if (!claim) throw new Error('There is no pod to claim');
  expect(warm.claim(worktree)).toBeUndefined();
  const cold = await coldSpec(worktree, claim);
  const limits: string[] = [];
  const pod = await claim.take({ ...cold, onLimit: ({ limit }) => limits.push(limit) }, 'process', signal);
  expect(pod).toBe(made[0]?.pod);
  const { onLimit: _, outlets: __, ...made0 } = made[0]?.spec ?? cold;
  const { onLimit: ___, outlets: ____, ...cold0 } = cold;
  expect(made0).toEqual(cold0);
  made[0]?.spec.onLimit?.({ limit: 'memory', ended: false });
  expect(limits).toEqual(['memory']);
  await claim.release();
  await warm.close();
  const service = await pod?.startService(
    { name: 'x', command: 'true', cwd: worktree, env: {}, port: 3000, onOutput: () => undefined },
    signal,
  );
  expect(await service?.exited).toMatchObject({ code: 0 });
  await pod?.destroy();
});

test('a pod that was made for another configuration is ended instead of taken', async () => {
  const worktree = await attempt('one');
  await settle();
  const claim = warm.claim(worktree);
  if (!claim) throw new Error('There is no pod to claim');
  await configure(worktree, 1, 'resource_limits: { memory_mb: 1000 }');
  expect(await claim.take(await coldSpec(worktree, claim), 'process', signal)).toBeNull();
  await made[0]?.pod.gone;
});

test('a claim that is not taken ends with its release', async () => {
  const worktree = await attempt('one');
  await settle();
  await warm.claim(worktree)?.release();
  await made[0]?.pod.gone;
});

test('a changed configuration gives the attempt another pod, a removed worktree none', async () => {
  const worktree = await attempt('one');
  await settle();
  await configure(worktree, 1, 'resource_limits: { memory_mb: 1000 }');
  await made[0]?.pod.gone;
  await expect.poll(() => made.at(-1)?.spec.limits.memory_mb, { timeout: 10_000 }).toBe(1000);
  await warm.settled();
  await rm(worktree, { recursive: true });
  await made.at(-1)?.pod.gone;
  await expect.poll(directories).toEqual([]);
});

test('nothing is made while an environment starts', async () => {
  const worktree = await attempt('one');
  busy = true;
  await settle();
  expect(made).toEqual([]);
  busy = false;
  warm.environmentsChanged();
  await expect.poll(held).toEqual([worktree]);
});

test('without free memory no pod is made, and those there are end', async () => {
  await attempt('one');
  free = 1.6 * GIB; // above the floor, without the margin
  await settle();
  expect(made).toEqual([]);
  free = 8 * GIB;
  await expect.poll(() => made.length, { timeout: 10_000 }).toBe(1);
  await warm.settled();
  free = 1 * GIB;
  await made[0]?.pod.gone;
  expect(held()).toEqual([]);
});

test('a pod that ends by itself is not made again until the attempts change', async () => {
  const worktree = await attempt('one');
  await settle();
  await made[0]?.pod.destroy();
  await expect.poll(held).toEqual([]);
  warm.environmentsChanged();
  await warm.settled();
  expect(made.length).toBe(1);
  await settle();
  expect(held()).toEqual([worktree]);
});

test('closing leaves no pod and no directory, even while one is made', async () => {
  await attempt('one', 2);
  await attempt('two', 2);
  warm.attemptsChanged();
  await expect.poll(() => made.length, { timeout: 10_000 }).toBeGreaterThan(0);
  await warm.close();
  await Promise.all(made.map(({ pod }) => pod.gone));
  expect(await directories()).toEqual([]);
});

test('directories of environments that nobody knows are removed, others stay', async () => {
  for (const id of ['known-1', 'lost-1'])
    for (const parent of [paths.environments, paths.own])
      await mkdir(join(parent, id, 'cache'), { recursive: true });
  await removeUnknownDirectories(paths, new Set(['known-1']));
  expect([await directories(), await readdir(paths.own)]).toEqual([['known-1'], ['known-1']]);
});
