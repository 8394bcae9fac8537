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
    PUBLIC_URL: '',
    VITE_API_URL: 'http://x',
  });
});

it('puts variables into others that name them', async () => {
  await writeFile(
    join(root, '.env'),
    `HOST_NAME=example.org\nREACT_APP_API=https://\${HOST_NAME}/$REACT_APP_PATH\nREACT_APP_PRICE=\\$5\nREACT_APP_SELF=a\${REACT_APP_SELF}\n`,
  );
  await writeFile(join(root, '.env.local'), 'REACT_APP_PATH=v1\n');
  expect(rawEnvironment(root, {})).toMatchObject({
    REACT_APP_API: 'https://example.org/v1',
    REACT_APP_PRICE: '$5',
    REACT_APP_SELF: 'a',
  });
});

it('has the app at the root of its origin', async () => {
  await writeFile(join(root, '.env'), 'PUBLIC_URL=https://cdn.example.org/app\n');
  expect(rawEnvironment(root, {}).PUBLIC_URL).toBe('');
});
