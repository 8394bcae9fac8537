import { expect, test } from 'vitest';
import { parseProbe, scopeCommand, scopeDirectory } from './scope.ts';

/** No machine of ours has a systemd of the user's: what is said to it is tested, not what it does with it. */

const LIMITS = { memory_mb: 64, cpu_shares: 512, disk_mb: 16, pids: 32 };

test('a scope carries every limit, and the command behind it none of the bus', () => {
  const command = scopeCommand('vitrine-abc', LIMITS);
  expect(command.join(' ')).toContain('--user --scope --quiet --collect --unit=vitrine-abc');
  expect(command).toEqual(
    expect.arrayContaining(['Delegate=yes', 'MemoryMax=67108864', 'MemorySwapMax=0', 'TasksMax=32']),
  );
  expect(command).toContain('CPUWeight=20');
  expect(command.slice(command.indexOf('--'))).toEqual([
    '--',
    'env',
    '-u',
    'XDG_RUNTIME_DIR',
    '-u',
    'DBUS_SESSION_BUS_ADDRESS',
  ]);
});

test('only limits that arrived count: a user may have no cpu controller', () => {
  expect(parseProbe('memory.max:67108864\npids.max:32\ncpu.weight:20\n', LIMITS)).toEqual([
    'memory',
    'pids',
    'cpu',
  ]);
  expect(parseProbe('memory.max:67108864\npids.max:max\n', LIMITS)).toEqual(['memory']);
  expect(parseProbe('', LIMITS)).toEqual([]);
});

test('a process that is in another group has no scope of ours', () => {
  const path = '/user.slice/user-1000.slice/user@1000.service/app.slice/vitrine-abc.scope';
  expect(scopeDirectory(`0::${path}\n`, 'vitrine-abc')).toBe(`/sys/fs/cgroup${path}`);
  expect(scopeDirectory('0::/user.slice/session-2.scope\n', 'vitrine-abc')).toBeNull();
});
