import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentConfigSchema } from '#shared/config/environment-config.ts';
import type { ServicePlan } from '../../detection/service-plan.ts';
import { ProcessRuntime } from '../../runtimes/process/runtime.ts';
import type { Pod } from '../../runtimes/runtime.ts';

/** For the tests of services: a real pod in a temporary directory. */

export const LIMITS = environmentConfigSchema.parse({}).isolation.backend.resource_limits;

export interface PodFixture {
  base: string;
  tree: string;
  pod: Pod;
  close(): Promise<void>;
}

export async function openPod(sandbox: 'auto' | 'none' = 'auto'): Promise<PodFixture> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-services-')));
  for (const name of ['tree', 'data', 'run', 'state']) await mkdir(join(base, name));
  const pod = await new ProcessRuntime({ stateDirectory: join(base, 'state'), sandbox }).createPod(
    {
      environmentId: 'test',
      secret: 's'.repeat(43),
      worktree: join(base, 'tree'),
      dataDirectory: join(base, 'data'),
      runDirectory: join(base, 'run'),
      mounts: [],
      limits: LIMITS,
    },
    AbortSignal.timeout(20_000),
  );
  return {
    base,
    tree: join(base, 'tree'),
    pod,
    close: async () => {
      await pod.destroy();
      await rm(base, { recursive: true, force: true });
    },
  };
}

export const plan = (cwd: string, change: Partial<ServicePlan> = {}): ServicePlan => ({
  name: 'backend',
  command: ['node', '-e', listening()],
  cwd,
  port: 3000,
  env: {},
  health: { interval: '10s', timeout: '20s' },
  replicas: 1,
  paths: [],
  reason: 'test',
  ...change,
});

/** A server that answers with the value of an expression. */
export const listening = (expression = "'ok'"): string =>
  `require('http').createServer((q, r) => r.end(String(${expression}))).listen(process.env.PORT, process.env.HOST)`;
