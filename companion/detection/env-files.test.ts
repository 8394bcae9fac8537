import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { inheritedEnv } from './env-files.ts';

async function place(files: Record<string, string>) {
  const base = await mkdtemp(join(tmpdir(), 'vitrine-env-'));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(base, path)), { recursive: true });
    await writeFile(join(base, path), content);
  }
  return { mainCheckout: join(base, 'main'), worktree: join(base, 'attempt') };
}
const names = ['.env', '.env.local'];

test('what git ignores in the main checkout is inherited, the frontend’s own directory over the top one', async () => {
  const at = await place({
    'main/.env': 'A=top\nB=top',
    'main/apps/web/.env.local': 'B=web\nC="two words"',
    'attempt/package.json': '{}',
  });
  const found = await inheritedEnv({ ...at, root: join(at.worktree, 'apps/web'), names });
  expect(found).toEqual({ A: 'top', B: 'web', C: 'two words' });
});

test('what the worktree’s own files name is left to them', async () => {
  const at = await place({ 'main/.env.local': 'A=main\nB=main', 'attempt/.env': 'A=attempt' });
  expect(await inheritedEnv({ ...at, root: at.worktree, names })).toEqual({ B: 'main' });
});

test('what would break the isolation, and files that are not named, are not inherited', async () => {
  const at = await place({
    'main/.env': 'PATH=/evil\nDATABASE_URL=postgres://real\nA=1',
    'main/.env.production': 'B=2',
  });
  expect(await inheritedEnv({ ...at, root: at.worktree, names })).toEqual({ A: '1' });
  expect(await inheritedEnv({ ...at, root: at.worktree, names: [] })).toEqual({});
});

test('the main checkout itself inherits nothing', async () => {
  const { mainCheckout } = await place({ 'main/.env': 'A=1' });
  expect(await inheritedEnv({ mainCheckout, worktree: mainCheckout, root: mainCheckout, names })).toEqual({});
});
