import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { describeIsolation } from '../isolation-suite.ts';
import { describeLife } from '../life-suite.ts';
import { describeLimits } from '../limit-suite.ts';
import { describeOutlets } from '../outlet-suite.ts';
import { ProcessRuntime } from './runtime.ts';

const state = mkdtempSync(join(tmpdir(), 'vitrine-state-'));
afterAll(() => rmSync(state, { recursive: true, force: true }));
const runtime = new ProcessRuntime({ stateDirectory: state });
const { isolation } = await runtime.probe();

describe.skipIf(isolation.network === 'none')('processes in bubblewrap', () => {
  describeLife(() => runtime);
  describeIsolation(() => runtime);
  describeOutlets(() => runtime);
  describeLimits(() => runtime);
});

describe.skipIf(isolation.network === 'none')('processes in bubblewrap without control groups', () => {
  const watched = new ProcessRuntime({ stateDirectory: join(state, 'watched'), groups: 'none' });
  describeLimits(() => watched);
});

describe('plain processes', () => {
  const plain = new ProcessRuntime({ stateDirectory: join(state, 'plain'), sandbox: 'none', groups: 'none' });
  describeOutlets(() => plain);
  describeLimits(() => plain);
});
