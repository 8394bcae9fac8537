import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { registryAccess } from './registry-access.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'vitrine-access-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function access(files: Record<string, string>, env: NodeJS.ProcessEnv = {}) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(base, path)), { recursive: true });
    await writeFile(join(base, path), text);
  }
  const place = {
    worktree: join(base, 'tree'),
    mainCheckout: join(base, 'main'),
    home: join(base, 'home'),
    env,
  };
  return registryAccess({ root: join(base, 'tree') }, place);
}

/** As npm's files name a variable. */
const named = (variable: string): string => `$\{${variable}}`;

it('gives the user’s token for a registry that the main checkout names', async () => {
  const { npmrc } = await access({
    'main/.npmrc': '@corp:registry=https://npm.corp.example/js/\n',
    'home/.npmrc': '//npm.corp.example/js/:_authToken=secret\n//registry.npmjs.org/:_authToken=publish\n',
  });
  expect(npmrc).toBe(
    '@corp:registry=https://npm.corp.example/js/\n//npm.corp.example/js/:_authToken=secret\n',
  );
});

it('gives nothing for what the worktree alone names', async () => {
  const { npmrc } = await access({
    'tree/.npmrc': 'registry=https://npm.corp.example/\n',
    'home/.npmrc': '//npm.corp.example/:_authToken=secret\n',
  });
  expect(npmrc).toBe('');
});

it('fills in variables, and hands on those that the project’s own lines name', async () => {
  const found = await access(
    {
      'main/.npmrc': `registry=https://a.example\n//a.example/:_authToken=${named('CORP_TOKEN')}\nx=${named('OTHER')}\n`,
      'home/.npmrc': `//a.example/:_password=${named('UNSET')}\n`,
    },
    { CORP_TOKEN: 'secret', OTHER: 'other' },
  );
  expect(found.variables).toEqual({ CORP_TOKEN: 'secret' });
  expect(found.npmrc).toBe('registry=https://a.example\n//a.example/:_authToken=secret\n');
});

it('knows Yarn’s settings, and leaves the public registry’s token', async () => {
  const scoped = 'npmScopes:\n  corp:\n    npmRegistryServer: https://c.example\n    npmAuthToken: t\n';
  expect((await access({ 'home/.yarnrc.yml': `npmAuthToken: publish\n${scoped}` })).yarnrc).toBe(scoped);
});
