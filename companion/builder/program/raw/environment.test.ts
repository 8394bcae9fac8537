import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rawEnvironment } from './environment.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vitrine-env-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

it('gives the app its public variables and what it was given, and no secrets', async () => {
  await writeFile(join(root, '.env'), 'REACT_APP_A=1\nREACT_APP_B=file\nDATABASE_PASSWORD=secret\n');
  await writeFile(join(root, '.env.local'), 'REACT_APP_B=local\n');
  expect(rawEnvironment(root, { VITE_API_URL: 'http://x' })).toEqual({
    REACT_APP_A: '1',
    REACT_APP_B: 'local',
    VITE_API_URL: 'http://x',
  });
});
