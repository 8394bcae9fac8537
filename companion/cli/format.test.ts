import { expect, test } from 'vitest';
import { environmentSchema } from '#shared/api/environment.ts';
import { formatEnvironments, formatStatus } from './format.ts';

const environment = environmentSchema.parse({
  id: 'blue-1',
  taskId: 't',
  agentId: 'a',
  title: 'Blue',
  worktree: '/w',
  branch: 'b',
  status: 'running',
  provider: 'sandpack',
  providerReason: 'test',
  runtime: 'process',
  database: 'none',
  isolation: {
    network: 'none',
    files: 'none',
    processes: 'none',
    memory: 'none',
    cpu: 'none',
    disk: 'none',
    pids: 'none',
  },
  limits: { memoryMb: 1, cpuShares: 2, diskMb: 1, pids: 1 },
  services: [],
  steps: [],
  origin: 'http://blue-1.localhost:1',
  backendUrl: 'http://blue-1.localhost:1',
  sandboxAttributes: [],
  egress: { policy: 'none', allowed: [] },
  createdAt: 1,
  lastUsedAt: 1,
});
const failure = { code: 'X', message: 'The port\u001b[31m is taken.', remedy: 'Take another.' };

test('an environment that failed says why and what to do, without driving the terminal', () => {
  const failed = { ...environment, status: 'failed' as const, failure };
  const told = 'blue-1 is failed.\nThe port\\u001b[31m is taken.\nTake another.';
  expect(formatStatus(failed)).toBe(told);
  expect(formatEnvironments([environment, failed])).toMatch(/TITLE\n.*\n.*\n\nblue-1 is failed\.\nThe port/);
});

test('an environment that runs is a line', () => {
  expect(formatStatus(environment)).toBe('blue-1 is running.');
  expect(formatEnvironments([environment]).split('\n')).toHaveLength(2);
});
