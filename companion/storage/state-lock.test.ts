import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockStateDirectory } from './state-lock.ts';

const MODULE = fileURLToPath(new URL('./state-lock.ts', import.meta.url));

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'vitrine-lock-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Another process that takes the lock, says whether it got it, and stays. */
async function otherProcess() {
  const script = `
    const { lockStateDirectory } = await import(${JSON.stringify(MODULE)});
    process.stdout.write((await lockStateDirectory(${JSON.stringify(home)})) ? 'locked' : 'refused');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  const kill = async () => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return { said: String(said), kill };
}

test('a second companion on the same home is refused until the first lets go', async () => {
  const release = await lockStateDirectory(home);
  expect(release).not.toBeNull();
  expect(await lockStateDirectory(home)).toBeNull();
  await release?.();
  const again = await lockStateDirectory(home);
  expect(again).not.toBeNull();
  await again?.();
});

test('attack 24: the lock of a killed companion is free at once, whoever has its pid now', async () => {
  const first = await otherProcess();
  expect(first.said).toBe('locked');
  expect(await lockStateDirectory(home)).toBeNull();
  await first.kill();
  const release = await lockStateDirectory(home);
  expect(release).not.toBeNull();
  await release?.();
});

test('of many processes that start at once after a crash, one gets the lock', async () => {
  const first = await otherProcess();
  await first.kill();
  const all = await Promise.all(Array.from({ length: 6 }, otherProcess));
  expect(all.filter(({ said }) => said === 'locked')).toHaveLength(1);
  await Promise.all(all.map(({ kill }) => kill()));
});
