import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { GatewayAddress } from './gateway/protocol.ts';
import {
  connectWhenUp,
  get,
  makePlace,
  makePod,
  type Place,
  podSpec,
  run,
  start,
  writeServer,
} from './pod-fixture.ts';
import type { Runtime } from './runtime.ts';

/**
 * What every runtime that claims isolation has to prove, on real parts (attacks 15, 20 and 23). `gatewayOf` says where
 * a pod's gateway is, for runtimes that have it elsewhere than in the run directory.
 */
export function describeIsolation(
  runtime: () => Runtime,
  gatewayOf: (place: Place) => GatewayAddress | Promise<GatewayAddress> = (place) => ({
    socket: join(place.runDirectory, 'gateway.sock'),
  }),
): void {
  describe('isolation', () => {
    test('there is no way out of the network namespace', async () => {
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      const attempt = `const s = require('net').connect(80, '198.51.100.1'); s.on('error', (e) => console.log(e.code)); s.on('connect', () => console.log('OUT'));`;
      expect(await run(pod, place.worktree, ['node', '-e', attempt])).toBe('ENETUNREACH');
    });

    test('services of the host on loopback cannot be reached', async () => {
      const host = createServer((_request, response) => response.end('host')).listen(0, '0.0.0.0');
      onTestFinished(() => void host.close());
      await once(host, 'listening');
      const { port } = host.address() as AddressInfo;
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      const attempt = `const s = require('net').connect(${port}, '127.0.0.1'); s.on('error', (e) => console.log(e.code)); s.on('connect', () => console.log('REACHED'));`;
      expect(await run(pod, place.worktree, ['node', '-e', attempt])).toBe('ECONNREFUSED');
    });

    test.each(['/tmp', '/var/tmp'])('a worktree below %s has the same path inside', async (below) => {
      const place = await makePlace(below);
      const pod = await makePod(runtime(), podSpec(place));
      expect(await run(pod, place.worktree, 'pwd -P && touch written')).toBe(place.worktree);
      expect(await readdir(place.worktree)).toContain('written');
    });

    test('two pods both listen on port 3000, each reached only through its own gateway', async () => {
      const [a, b] = await Promise.all([makePlace(), makePlace()]);
      const pods = await Promise.all([makePod(runtime(), podSpec(a)), makePod(runtime(), podSpec(b))]);
      const servers = [
        { pod: pods[0], place: a, answer: 'a on 3000' },
        { pod: pods[1], place: b, answer: 'b on 3000' },
      ];
      for (const { pod, place, answer } of servers) {
        const command = await writeServer(place, `'${answer.charAt(0)} on ' + process.env.PORT`);
        await start(pod, { command, cwd: place.worktree });
      }
      for (const { pod, answer } of servers) expect(await get(pod, 3000)).toBe(answer);
    });

    test('the home directory of the user and other files of the host are not there', async () => {
      const place = await makePlace();
      const elsewhere = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-secret-')));
      onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
      await chmod(elsewhere, 0o755);
      await writeFile(join(elsewhere, 'secret'), 'secret', { mode: 0o644 });
      await writeFile(join(place.base, 'beside'), 'secret', { mode: 0o644 });
      const pod = await makePod(runtime(), podSpec(place));
      const looked = [
        join(homedir(), '.ssh'),
        join(homedir(), '.bashrc'),
        join(elsewhere, 'secret'),
        join(place.base, 'beside'),
        '/etc/shadow',
        '/var/run/docker.sock',
        '/run/docker.sock',
      ];
      const attempt = `const fs = require('fs'); for (const p of ${JSON.stringify(looked)}) { try { fs.readFileSync(p); console.log('READ', p); } catch (e) { if (e.code === 'EISDIR') console.log('SAW', p); } }`;
      expect(await run(pod, place.worktree, ['node', '-e', attempt])).toBe('');
    });

    test('only the worktree, the data directory and /tmp can be written', async () => {
      const place = await makePlace();
      const shown = join(place.base, 'shown');
      await mkdir(shown);
      await chmod(shown, 0o777);
      const pod = await makePod(runtime(), podSpec(place, [{ source: shown }]));
      const targets = [
        '/usr/x',
        '/etc/x',
        '/x',
        join(shown, 'x'),
        join(place.worktree, 'x'),
        join(place.dataDirectory, 'x'),
        '/tmp/x',
      ];
      // The machine's settings are only opened, so that a sandbox that fails here does no harm.
      const settings = ['/proc/sys/vm/swappiness', '/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger'];
      const attempt = `const fs = require('fs');
        for (const p of ${JSON.stringify(targets)}) { try { fs.writeFileSync(p, '60'); console.log(p); } catch {} }
        for (const p of ${JSON.stringify(settings)}) { try { fs.closeSync(fs.openSync(p, 'r+')); console.log(p); } catch {} }`;
      const written = (await run(pod, place.worktree, ['node', '-e', attempt])).split('\n');
      expect(written).toEqual([join(place.worktree, 'x'), join(place.dataDirectory, 'x'), '/tmp/x']);
      expect(await readFile(join(place.worktree, 'x'), 'utf8')).toBe('60');
    });

    test('no capability is left, and none can be gained', async () => {
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      const status = await run(pod, place.worktree, 'grep -E "CapEff|CapPrm|NoNewPrivs" /proc/self/status');
      expect(status.split(/\s+/)).toEqual([
        'CapPrm:',
        '0000000000000000',
        'CapEff:',
        '0000000000000000',
        'NoNewPrivs:',
        '1',
      ]);
    });

    test('processes of the host and of other pods are not there', async () => {
      const [a, b] = await Promise.all([makePlace(), makePlace()]);
      const pods = await Promise.all([makePod(runtime(), podSpec(a)), makePod(runtime(), podSpec(b))]);
      await start(pods[0], { command: 'sleep 98765', cwd: a.worktree });
      const list = `for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < $f; echo; done`;
      const seen = await run(pods[1], b.worktree, list);
      expect(seen).not.toContain('98765');
      expect(seen).not.toContain('vitest');
    });

    test('the environment has nothing of the companion’s', async () => {
      process.env.VITRINE_TEST_TOKEN = 'companion-token';
      onTestFinished(() => void delete process.env.VITRINE_TEST_TOKEN);
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      const service = await start(pod, { command: 'env', cwd: place.worktree, env: { MINE: 'yes' } });
      await service.exited;
      const names = service.lines.map((line) => line.split('=')[0]);
      expect(service.lines).toEqual(expect.arrayContaining(['MINE=yes', 'PORT=3000', 'HOST=127.0.0.1']));
      expect(service.lines.join('\n')).not.toContain('companion-token');
      expect(service.lines.join('\n')).not.toContain('a-secret-that-only');
      const known = [
        'MINE',
        'PORT',
        'HOST',
        'HOME',
        'LANG',
        'PATH',
        'TMPDIR',
        'PWD',
        'OLDPWD',
        'SHLVL',
        '_',
        'HOSTNAME',
        'NODE_VERSION',
        'YARN_VERSION',
        'VITRINE_SERVICE_MARK',
      ];
      expect(names.filter((name) => !known.includes(name ?? ''))).toEqual([]);
    });

    test('HOME is a directory of the environment that can be written', async () => {
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      expect(await run(pod, place.worktree, 'echo $HOME; echo ok > ~/x && cat ~/x')).toBe(
        `${join(place.dataDirectory, 'home')}\nok`,
      );
    });

    test('a mount appears at a target that does not exist on the host, and nothing is created there', async () => {
      const place = await makePlace();
      const modules = join(place.base, 'main', 'node_modules');
      await mkdir(join(modules, 'left-pad'), { recursive: true });
      await writeFile(join(modules, 'left-pad', 'index.js'), 'module.exports = "padded"');
      const target = join(place.base, 'attempt', 'node_modules');
      const pod = await makePod(runtime(), podSpec(place, [{ source: modules, target }]));
      expect(await run(pod, place.worktree, ['node', '-p', 'require("left-pad")'])).toBe('padded');
      expect(await run(pod, place.worktree, `echo x > ${target}/x`)).toMatch(/read-only/i);
      await pod.destroy();
      expect(await readdir(join(place.base, 'attempt'))).toEqual(['app']);
    });

    test('mounts nest: one below another, and the worktree below a mounted checkout', async () => {
      const place = await makePlace();
      const inner = join(place.base, 'inner');
      await mkdir(inner);
      await writeFile(join(inner, 'file'), 'inner');
      await mkdir(join(place.worktree, 'vendor'));
      await writeFile(join(place.base, 'attempt', 'readme'), 'outer');
      const mounts = [
        { source: join(place.base, 'attempt') },
        { source: inner, target: join(place.worktree, 'vendor') },
      ];
      const pod = await makePod(runtime(), podSpec(place, mounts));
      const seen = await run(
        pod,
        place.worktree,
        'cat vendor/file; echo; cat ../readme; echo; touch new && echo written; touch ../no || echo refused',
      );
      expect(seen).toContain('inner\nouter\nwritten');
      expect(seen).toContain('refused');
      await pod.destroy();
      expect(await readdir(join(place.worktree, 'vendor'))).toEqual([]);
    });

    test('a mount that would have to be created inside the worktree is refused with a remedy', async () => {
      const place = await makePlace();
      const mounts = [{ source: place.dataDirectory, target: join(place.worktree, 'missing') }];
      await expect(makePod(runtime(), podSpec(place, mounts))).rejects.toMatchObject({
        code: 'MOUNT_TARGET_MISSING',
      });
      expect(await readdir(place.worktree)).toEqual([]);
      expect(await stat(place.runDirectory).catch(() => null)).toBeNull();
    });

    test('host names of the pod lead to itself, and those of the machine to nowhere', async () => {
      const place = await makePlace();
      const pod = await makePod(runtime(), { ...podSpec(place), hostNames: ['api', 'web'] });
      const names = ['api', 'web', 'localhost', 'example.com', hostname()];
      const attempt = `const dns = require('dns').promises; (async () => { for (const name of ${JSON.stringify(names)})
        console.log(await dns.lookup(name, { family: 4 }).then((found) => found.address, () => 'nowhere')); })();`;
      const found = await run(pod, place.worktree, ['node', '-e', attempt]);
      expect(found.split('\n')).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1', 'nowhere', 'nowhere']);
    });

    test('a raw socket is refused', async ({ skip }) => {
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      const attempt = `command -v perl > /dev/null || { echo no perl; exit; }; perl -e 'socket(S, 2, 3, 1) and print "OPEN" or print "refused"'`;
      const answer = await run(pod, place.worktree, attempt);
      if (answer === 'no perl') skip('there is nothing here that could try');
      expect(answer).toBe('refused');
    });

    test('the gateway refuses a wrong secret', async () => {
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      await start(pod, { command: await writeServer(place, `'up'`), cwd: place.worktree });
      (await connectWhenUp(pod, 3000)).destroy();
      const { connectThroughGateway } = await import('./gateway/client.ts');
      const address = await gatewayOf(place);
      await expect(connectThroughGateway({ address, secret: 'wrong', port: 3000 })).rejects.toMatchObject({
        code: 'POD_REFUSED',
      });
    });
  });
}
