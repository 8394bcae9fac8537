import type { Duplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { makePlace, makePod, type Place, podSpec, run } from './pod-fixture.ts';
import type { Outlet, Pod, PodSpec, Runtime } from './runtime.ts';

/** What outlets of every runtime do: a pod's only way out, and each pod's its own. */
export function describeOutlets(runtime: () => Runtime): void {
  describe('outlets', () => {
    test('a service reaches the companion, and what it sends comes through in both directions', async () => {
      const { place, pod } = await podWith(runtime(), [{ name: 'egress', port: 3128, accept: echo }]);
      const client = `const s = require('net').connect(${pod.outletPort('egress')}, '127.0.0.1'); let n = 0;
        s.on('data', (d) => { n += d.length; }); s.on('end', () => console.log('got', n)); s.end(Buffer.alloc(5e6));`;
      expect(await run(pod, place.worktree, ['node', '-e', client])).toBe('got 5000000');
    });

    test('two outlets of a pod lead to two places', async () => {
      const { place, pod } = await podWith(runtime(), [
        { name: 'egress', port: 3128, accept: (connection) => connection.end('egress') },
        { name: 'database', port: 5432, accept: (connection) => connection.end('database') },
      ]);
      expect(await say(pod, place, 'egress')).toBe('egress');
      expect(await say(pod, place, 'database')).toBe('database');
    });

    test('two pods with the same port reach each its own', async () => {
      const names = ['a', 'b'];
      const answers = await Promise.all(
        names.map(async (name) => {
          const accept = (connection: Duplex) => connection.end(name);
          const { place, pod } = await podWith(runtime(), [{ name: 'egress', port: 3128, accept }]);
          return say(pod, place, 'egress');
        }),
      );
      expect(answers).toEqual(names);
    });

    test('a port of an outlet that the pod does not have is an error', async () => {
      const { pod } = await podWith(runtime(), []);
      expect(() => pod.outletPort('egress')).toThrow(/egress/);
    });

    test('100 connections at once pass, and resets by the client do no harm', async () => {
      const { place, pod } = await podWith(runtime(), [{ name: 'egress', port: 3128, accept: echo }]);
      const port = pod.outletPort('egress');
      const client = `const net = require('net'); let done = 0;
        for (let i = 0; i < 100; i++) { const r = net.connect(${port}, '127.0.0.1', () => { r.write('x'); r.resetAndDestroy(); }); r.on('error', () => {});
          const s = net.connect(${port}, '127.0.0.1'); let t = ''; s.on('data', (d) => { t += d; });
          s.on('error', (e) => console.log(e.code)); s.on('end', () => { if (t === 'm' + i) done++; if (done === 100) { console.log('all'); process.exit(); } }); s.end('m' + i); }`;
      expect(await run(pod, place.worktree, ['node', '-e', client])).toBe('all');
      expect(await run(pod, place.worktree, ['node', '-e', client])).toBe('all');
    });

    test('what stands is cut when the pod is destroyed', async () => {
      const accepted = Promise.withResolvers<Duplex>();
      const accept = (connection: Duplex) => {
        connection.on('end', () => connection.end()).resume();
        accepted.resolve(connection);
      };
      const { place, pod } = await podWith(runtime(), [{ name: 'egress', port: 3128, accept }]);
      const hold = `require('net').connect(${pod.outletPort('egress')}, '127.0.0.1'); setInterval(() => {}, 1e6)`;
      void run(pod, place.worktree, ['node', '-e', hold]);
      const connection = await accepted.promise;
      const closed = new Promise((resolve) => connection.once('close', resolve));
      await pod.destroy();
      await closed;
    });

    test('they work after suspend and resume', async () => {
      const { place, pod } = await podWith(runtime(), [{ name: 'egress', port: 3128, accept: echo }]);
      await pod.suspend();
      await pod.resume();
      const client = `const s = require('net').connect(${pod.outletPort('egress')}, '127.0.0.1'); s.pipe(process.stdout); s.end('awake')`;
      expect(await run(pod, place.worktree, ['node', '-e', client])).toBe('awake');
    });
  });
}

const echo = (connection: Duplex) => void connection.pipe(connection);

async function podWith(runtime: Runtime, outlets: Outlet[]): Promise<{ place: Place; pod: Pod }> {
  const place = await makePlace();
  const spec: PodSpec = { ...podSpec(place), outlets };
  return { place, pod: await makePod(runtime, spec) };
}

function say(pod: Pod, place: Place, name: Outlet['name']): Promise<string> {
  const client = `require('net').connect(${pod.outletPort(name)}, '127.0.0.1').pipe(process.stdout)`;
  return run(pod, place.worktree, ['node', '-e', client]);
}
