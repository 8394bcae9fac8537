import type { Attempt } from '#shared/api/attempt.ts';
import type { Environment, StartStep, StartStepName } from '#shared/api/environment.ts';
import type { Metrics } from '#shared/api/metrics.ts';
import type { MetricsHistory } from '#shared/api/metrics-history.ts';
import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';

const STEP_NAMES: StartStepName[] = [
  'resolve',
  'dependencies',
  'sandbox',
  'database',
  'backend',
  'build',
  'paint',
];

/** Steps of a start that is over: all done, with plausible times. */
export function doneSteps(): StartStep[] {
  const times = [12, 3, 69, 4, 212, 380, 94];
  return STEP_NAMES.map((name, index) => ({ name, status: 'done', durationMs: times[index] }));
}

/** Steps of a start in which `active` is under way. */
export function stepsAt(active: StartStepName, change: Partial<StartStep> = {}): StartStep[] {
  const at = STEP_NAMES.indexOf(active);
  return doneSteps().map((step, index) => {
    if (index < at) return step;
    if (index === at) return { name: step.name, status: 'active', ...change };
    return { name: step.name, status: 'pending' };
  });
}

/** A running environment; `origin` comes from the fake companion that serves it. */
export function makeEnvironment(change: Partial<Environment> & { id: string; origin: string }): Environment {
  return {
    taskId: `task-${change.id}`,
    agentId: 'CLAUDE_CODE',
    title: 'Show the cart total in the header',
    worktree: `/home/dev/worktrees/${change.id}`,
    branch: `vk/${change.id}`,
    status: 'running',
    provider: 'sandpack',
    providerReason: 'The project builds with Vite.',
    runtime: 'process',
    limits: { memoryMb: 512, cpuShares: 256, diskMb: 1_024, pids: 1_024 },
    isolation: {
      network: 'enforced',
      files: 'enforced',
      processes: 'enforced',
      memory: 'none',
      cpu: 'none',
      disk: 'none',
      pids: 'none',
    },
    egress: { policy: 'none', allowed: [] },
    database: 'sqlite',
    services: [{ name: 'backend', status: 'running', restarts: 0 }],
    steps: doneSteps(),
    backendUrl: change.origin,
    sandboxAttributes: ['allow-scripts', 'allow-same-origin', 'allow-forms'],
    createdAt: 1_760_000_000_000,
    lastUsedAt: 1_760_000_000_000,
    ...change,
  };
}

export function makeAttempt(change: Partial<Attempt> & { taskId: string }): Attempt {
  return {
    agentId: 'CLAUDE_CODE',
    title: 'Show the cart total in the header',
    worktree: `/home/dev/worktrees/${change.taskId}`,
    branch: `vk/${change.taskId}`,
    source: { kind: 'repository', path: '/home/dev/shop' },
    ...change,
  };
}

export function makeEntry(change: Partial<ConsoleEntry> = {}): ConsoleEntry {
  return {
    at: 1_760_000_000_000,
    source: 'server',
    service: 'backend',
    level: 'log',
    text: 'ready',
    ...change,
  };
}

export const noHistory = (): MetricsHistory => ({
  starts: [],
  failures: [],
  loads: [],
  hotReloads: [],
  verdicts: [],
});

export function sampleMetrics(): Metrics {
  return {
    totalEnvironments: 48,
    activeEnvironments: 3,
    averageLifetimeMs: 1_740_000,
    creationTimeMs: { p50: 812, p95: 3_410 },
    previewLoadMs: { p50: 310, p95: 940 },
    hotReloadMs: { p50: 88, p95: 240 },
    resourceUtilization: { cpu: 0.31, memory: 0.44, network: 18_400 },
    errorRate: 0.042,
    userInteractions: 216,
    userSatisfaction: 0.86,
  };
}
