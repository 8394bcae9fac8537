import { readlink } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processesNaming } from '../leftovers.ts';
import { Lifetime } from '../lifetime.ts';
import { type Arena, armWithBusybox, openArena } from './arena.ts';
import type { Attacker } from './attacker.ts';
import { GROUNDS } from './grounds.ts';

describe.each(GROUNDS)('processes and the kernel, from inside a sandbox of $name', (ground) => {
  const lifetime = new Lifetime();
  let arena: Arena;
  let attacker: Attacker;
  let neighbour: Attacker;

  beforeAll(async () => {
    arena = lifetime.own(await openArena(ground), (opened) => opened.leave());
    attacker = await arena.enter('attacker');
    neighbour = await arena.enter('neighbour');
    await armWithBusybox(attacker);
  });
  afterAll(() => lifetime.end());

  test('nothing of the machine or of a neighbour is seen', async () => {
    expect(attacker.isolation.processes).toBe('enforced');
    const seen = (await attacker.seeProcesses()).filter((command) => command !== '');
    expect(seen.some((command) => command.includes('hostile/main.js'))).toBe(true);
    const foreign = seen.filter(
      (command) =>
        command.includes(neighbour.id) || /vitest|cli\.ts|dockerd|containerd|systemd/.test(command),
    );
    expect(foreign).toEqual([]);
    // Its own few, and not the hundreds of a machine.
    expect(seen.length).toBeLessThan(15);
  });

  test('processes of the machine can be neither signalled nor debugged', async () => {
    const targets = [
      process.pid,
      arena.companion.pid,
      ...(await processesNaming(neighbour.worktree)).map(({ pid }) => pid),
      ...(await processesNaming(arena.companion.home)).map(({ pid }) => pid),
    ];
    const touched = await attacker.touchProcesses([...new Set(targets)]);
    // A small number may be one of the sandbox's own.
    const others = touched.filter(({ command }) => !command.includes('hostile/main.js'));
    expect(others.length).toBeGreaterThan(2);
    for (const { signal, memory, environment, root } of others) {
      expect({ signal, memory, environment, root }).toEqual({
        signal: 'ESRCH',
        memory: 'ENOENT',
        environment: 'ENOENT',
        root: 'ENOENT',
      });
    }
  });

  test('there are no capabilities, and no program gives any', async () => {
    const [status] = await attacker.runCommands(['grep -E "Cap(Prm|Eff|Amb)|NoNewPrivs" /proc/self/status']);
    const values = Object.fromEntries((status?.output ?? '').split('\n').map((line) => line.split(/:\s+/)));
    const none = '0000000000000000';
    expect(values).toEqual({ CapPrm: none, CapEff: none, CapAmb: none, NoNewPrivs: '1' });
  });

  test.each([
    ['raw sockets', './busybox arping -c 1 -w 1 -I lo 127.0.0.1'],
    ['mounts', './busybox mount -t tmpfs none /tmp'],
    ['mounts of its own file system', './busybox mount -o remount,rw /'],
    ['unmounting', './busybox umount -l /proc'],
    ['another mount namespace', './busybox unshare -m true'],
    ['another network namespace', './busybox unshare -n true'],
    ['the namespaces of process 1', './busybox nsenter -t 1 -m -n -p true'],
    ['another root', './busybox chroot . ./busybox true'],
    ['devices', './busybox mknod disk b 254 0'],
    // To what it is already. It tells what went wrong, and ends with 0 all the same.
    ['the clock', '! ./busybox date -s @$(date +%s) 2>&1 | grep -q "not permitted"'],
    ['the host name', './busybox hostname taken'],
    ['addresses', './busybox ip address add 192.0.2.77/24 dev lo'],
    ['the kernel’s settings', 'echo 1 > /proc/sys/net/ipv4/ip_forward'],
    ['the kernel’s modules', './busybox insmod ./busybox'],
    ['more of the processor', './busybox renice -n -10 -p $$'],
  ])('%s: refused', async (_what, command) => {
    const [tried] = await attacker.runCommands([command]);
    expect(tried?.output).not.toMatch(/not found|applet/);
    expect(tried?.code).not.toBe(0);
  });

  test('a user namespace of its own, where it may make one, shows no more than before', async () => {
    const inside = `id -u; ls /proc | grep -c '^[0-9]'; cat ${arena.companion.home}/companion.json`;
    const [made] = await attacker.runCommands([
      `./busybox unshare -U -r -m sh -c 'umount -l ${arena.companion.home} ${arena.repository}; ${inside}'`,
      `./busybox unshare -U -r -n sh -c './busybox ip link set lo up; ./busybox nc -w 1 127.0.0.1 ${arena.companion.port}'`,
    ]);
    expect(made?.output).not.toContain(arena.companion.token);
    expect(made?.output).not.toContain('"token"');
  });

  test('its namespaces are its own', async () => {
    const kinds = ['net', 'pid', 'mnt', 'ipc', 'uts'];
    const [listed] = await attacker.runCommands([
      kinds.map((kind) => `readlink /proc/self/ns/${kind}`).join('; '),
    ]);
    const inside = (listed?.output ?? '').split('\n');
    const outside = await Promise.all(kinds.map((kind) => readlink(`/proc/self/ns/${kind}`)));
    expect(inside).toHaveLength(kinds.length);
    expect(inside.filter((each) => outside.includes(each))).toEqual([]);
    const [others] = await neighbour.runCommands([
      kinds.map((kind) => `readlink /proc/self/ns/${kind}`).join('; '),
    ]);
    expect(inside.filter((each) => others?.output.includes(each))).toEqual([]);
  });
});
