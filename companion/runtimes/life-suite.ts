import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  connectWhenUp,
  get,
  makePlace,
  makePod,
  podSpec,
  processesNaming,
  start,
  writeServer,
} from './pod-fixture.ts';
import type { Pod, Runtime } from './runtime.ts';

/** What pods and services of every runtime do from start to end. */
export function describeLife(runtime: () => Runtime): void {
  describe('life of a pod', () => {
    test('a service is reached on the port it was given, and its lines arrive', async () => {
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      const service = await start(pod, {
        command: await writeServer(place, 'request.url'),
        cwd: place.worktree,
      });
      expect(await get(pod, service.port, '/path')).toBe('/path');
      // Lines take another way than answers.
      await expect.poll(() => service.lines, { timeout: 5_000 }).toContain('listening');
    });

    test('connecting where nothing listens rejects with ECONNREFUSED', async () => {
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      await expect(pod.connect(3999)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    });

    test('a service that ends says how', async () => {
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      const service = await start(pod, { command: 'echo one; printf two >&2; exit 7', cwd: place.worktree });
      expect(await service.exited).toEqual({ code: 7, signal: null, outOfMemory: false });
      expect(service.lines.sort()).toEqual(['one', 'two']);
    });

    test('a service whose input is to stay open finds no end of it, another does', async () => {
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      const command = [
        'node',
        '-e',
        `process.stdin.on('end', () => process.exit(9)).resume(); process.on('SIGTERM', () => process.exit(3)); console.log('up');`,
      ];
      const ended = await start(pod, { command, cwd: place.worktree });
      const open = await start(pod, { command, cwd: place.worktree, hasInput: true });
      expect((await ended.exited).code).toBe(9);
      await expect.poll(() => open.lines, { timeout: 5_000 }).toEqual(['up']);
      await open.stop();
      expect((await open.exited).code).toBe(3);
    });

    test('an argument list is run as it is', async () => {
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      const service = await start(pod, { command: ['echo', '$HOME', 'a  b'], cwd: place.worktree });
      await service.exited;
      expect(service.lines).toEqual(['$HOME a  b']);
    });

    test('stop asks with SIGTERM first', async () => {
      const place = await makePlace();
      await writeFile(
        join(place.worktree, 's.cjs'),
        `process.on('SIGTERM', () => { console.log('bye'); process.exit(3); }); setInterval(() => {}, 1e6); console.log('up');`,
      );
      const pod = await makePod(runtime(), podSpec(place));
      const service = await start(pod, { command: ['node', 's.cjs'], cwd: place.worktree });
      await expect.poll(() => service.lines).toContain('up');
      await service.stop();
      expect(await service.exited).toMatchObject({ code: 3 });
      expect(service.lines).toContain('bye');
      await service.stop();
    });

    test('stop ends what does not listen to SIGTERM, its children included', async () => {
      const place = await makePlace();
      const child = `process.on('SIGTERM', () => {}); require('http').createServer((q, r) => r.end('child')).listen(3000, '127.0.0.1');`;
      await writeFile(join(place.worktree, 'child.cjs'), child);
      await writeFile(
        join(place.worktree, 's.cjs'),
        `process.on('SIGTERM', () => {}); require('child_process').spawn('node', ['child.cjs'], { detached: true, stdio: 'ignore' }).unref(); setInterval(() => {}, 1e6);`,
      );
      const pod = await makePod(runtime(), podSpec(place));
      const service = await start(pod, { command: ['node', 's.cjs'], cwd: place.worktree });
      (await connectWhenUp(pod, 3000)).destroy();
      const startedAt = performance.now();
      await service.stop();
      expect(await service.exited).toMatchObject({ code: null, signal: 'SIGKILL' });
      expect(performance.now() - startedAt).toBeLessThan(8_000);
      await expect(pod.connect(3000)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    });

    test('a restarted service gets its port again', async () => {
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      const command = await writeServer(place, 'process.pid');
      for (let round = 0; round < 3; round += 1) {
        const service = await start(pod, { command, cwd: place.worktree });
        expect(await get(pod, service.port)).toMatch(/^\d+$/);
        await service.stop();
        await service.exited;
      }
    });

    test('suspend freezes every process, resume goes on where it was', async () => {
      const place = await makePlace();
      await writeFile(
        join(place.worktree, 's.cjs'),
        `let n = 0; setInterval(() => n++, 5); require('http').createServer((q, r) => r.end(String(n))).listen(process.env.PORT);`,
      );
      const pod = await makePod(runtime(), podSpec(place));
      const service = await start(pod, { command: ['node', 's.cjs'], cwd: place.worktree });
      await get(pod, service.port);
      await pod.suspend();
      const waiting = get(pod, service.port);
      expect(await Promise.race([waiting, delay(400, 'silent')])).toBe('silent');
      await pod.resume();
      const count = Number(await waiting);
      expect(count).toBeGreaterThan(0);
      expect(Number(await get(pod, service.port))).toBeLessThan(count + 200);
    });

    test('a suspended pod can be destroyed, and so can its services be stopped', async () => {
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      const service = await start(pod, { command: await writeServer(place, '1'), cwd: place.worktree });
      await get(pod, service.port);
      await pod.suspend();
      await pod.destroy();
      await pod.gone;
      expect(await service.exited).toMatchObject({ code: null });
    });

    test('destroy ends everything, leaves no run directory, and may be called again', async () => {
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      const service = await start(pod, { command: 'sleep 1000', cwd: place.worktree });
      await Promise.all([pod.destroy(), pod.destroy()]);
      await pod.gone;
      expect(await service.exited).toMatchObject({ code: null, signal: 'SIGKILL' });
      expect(await stat(place.runDirectory).catch(() => null)).toBeNull();
      await expect(pod.connect(3000)).rejects.toMatchObject({ code: 'POD_UNREACHABLE' });
      await expect(start(pod, { command: 'true', cwd: place.worktree })).rejects.toMatchObject({
        code: 'POD_GONE',
      });
    });

    test.each([0, 2, 5, 10, 20, 40, 80])(
      'a create aborted after %i ms leaves nothing behind',
      async (afterMs) => {
        const place = await makePlace();
        const abort = new AbortController();
        const creating = runtime().createPod(podSpec(place), abort.signal);
        setTimeout(() => abort.abort(new Error('changed my mind')), afterMs);
        const outcome = await creating.catch((error: unknown) => error);
        // A fast machine may be done by then.
        if (outcome instanceof Error) expect(outcome.message).toBe('changed my mind');
        else await (outcome as Pod).destroy();
        expect(await stat(place.runDirectory).catch(() => null)).toBeNull();
        expect(await processesNaming(place.runDirectory)).toEqual([]);
      },
    );

    test('ten pods at once all answer', async () => {
      const places = await Promise.all(Array.from({ length: 10 }, makePlace));
      const answers = await Promise.all(
        places.map(async (place, index) => {
          const pod = await makePod(runtime(), podSpec(place));
          await start(pod, { command: await writeServer(place, String(index)), cwd: place.worktree });
          return get(pod, 3000);
        }),
      );
      expect(answers).toEqual(places.map((_place, index) => String(index)));
    });

    test('a flood of output is cut short and does not keep a neighbour from answering', async () => {
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      await start(pod, { command: await writeServer(place, `'quick'`), cwd: place.worktree });
      await get(pod, 3000);
      const floodedAt = performance.now();
      const flood = await start(pod, {
        name: 'flood',
        port: 3001,
        cwd: place.worktree,
        command: 'yes "a line that is printed again and again and again" | head -c 300000000',
      });
      const before = process.memoryUsage().rss;
      const latencies: number[] = [];
      let over = false;
      void flood.exited.then(() => {
        over = true;
      });
      while (!over) {
        const startedAt = performance.now();
        expect(await get(pod, 3000)).toBe('quick');
        latencies.push(performance.now() - startedAt);
      }
      const seconds = (performance.now() - floodedAt) / 1_000;
      expect(flood.lines.length).toBeLessThan(10_000 + 1_100 * seconds);
      expect(flood.lines.some((line) => /^… \d+ lines dropped$/.test(line))).toBe(true);
      expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
      // The median: one slow answer may be the machine's, a neighbour that waits for the flood is slow each time.
      const median = latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length / 2)];
      expect(median).toBeLessThan(1_000);
    }, 90_000);

    test('bytes that are not UTF-8 and lines without end do no harm', async () => {
      const place = await makePlace();
      const pod = await makePod(runtime(), podSpec(place));
      const command = `printf 'a\\377b\\n'; head -c 50000 /dev/zero | tr '\\0' x; printf '\\nlast'`;
      const service = await start(pod, { command, cwd: place.worktree });
      await service.exited;
      expect(service.lines[0]).toBe('a\uFFFDb');
      expect(service.lines[1]).toMatch(/^x{16384} … \(cut\)$/);
      expect(service.lines[2]).toBe('last');
    });
  });
}
