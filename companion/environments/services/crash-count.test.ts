import { expect, test } from 'vitest';
import { CrashCount } from './crash-count.ts';

const LAST = { code: 'SERVICE_EXITED', message: 'It ended.', remedy: 'Mend it.' };

test('waits twice as long after each start that failed, and takes the third for a loop', () => {
  const crashes = new CrashCount();
  crashes.note(0, 100);
  const first = crashes.backoffMs;
  crashes.note(200, 300);
  expect(crashes.backoffMs).toBe(2 * first);
  expect(crashes.isLoop).toBe(false);
  expect(crashes.describe(LAST)).toBe(LAST);
  crashes.note(400, 500);
  expect(crashes.isLoop).toBe(true);
  expect(crashes.describe(LAST).message).not.toBe(LAST.message);
});

test('a service that was up for a while failed anew, unless that happens again and again within minutes', () => {
  const crashes = new CrashCount();
  for (let life = 0; life < 7; life += 1) crashes.note(life * 20_000, life * 20_000 + 15_000);
  expect(crashes.isLoop).toBe(false);
  crashes.note(140_000, 155_000);
  expect(crashes.isLoop).toBe(true);
});

test('what was before somebody asked for a start does not count', () => {
  const crashes = new CrashCount();
  for (const at of [100, 200, 300]) crashes.note(at, at + 1);
  crashes.forget();
  crashes.note(400, 401);
  expect(crashes.isLoop).toBe(false);
});
