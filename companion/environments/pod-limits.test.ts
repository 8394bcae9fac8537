import { expect, test } from 'vitest';
import { parseConfig } from '../config/read-config.ts';
import type { ProjectPlan } from '../detection/detect-project.ts';
import { podLimits } from './pod-limits.ts';

const FRONTEND = { root: '/app' } as NonNullable<ProjectPlan['frontend']>;
const memoryOf = (yaml = '', frontend: ProjectPlan['frontend'] = FRONTEND) =>
  podLimits({ config: parseConfig(yaml), provider: 'sandpack' }, { frontend }).memory_mb;

test('what runs the frontend has memory beside the backend’s, as much as the configuration says', () => {
  expect(memoryOf()).toBe(512 + 2_048);
  const yaml =
    'isolation: { frontend: { memory_mb: 100 }, backend: { resource_limits: { memory_mb: 200 } } }';
  expect(memoryOf(yaml)).toBe(300);
  expect(memoryOf('isolation: { frontend: { memory_mb: 0 } }')).toBe(512);
});

test('a project without a frontend has what its backend has', () => {
  expect(memoryOf('', null)).toBe(512);
});
