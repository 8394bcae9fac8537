import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lifetime } from '../lifetime.ts';
import { type Arena, openArena } from './arena.ts';
import type { Attacker } from './attacker.ts';
import { GROUNDS } from './grounds.ts';
import { HOST_ANSWER, hostAddresses, hostSockets, startHostService } from './machine.ts';

/** Not the one that the attacker has itself: on its own loopback a sandbox finds only itself. */
const NEIGHBOUR_PORT = 3456;
const ASK = 'GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';

describe.each(GROUNDS)('from inside a sandbox of $name, without a way out', (ground) => {
  const lifetime = new Lifetime();
  let arena: Arena;
  let attacker: Attacker;
  let neighbour: Attacker;

  beforeAll(async () => {
    arena = lifetime.own(await openArena(ground), (opened) => opened.leave());
    attacker = await arena.enter('attacker');
    neighbour = await arena.enter('neighbour', { port: NEIGHBOUR_PORT });
  });
  afterAll(() => lifetime.end());

  test('the attacks themselves work', async () => {
    expect(attacker.isolation.network).toBe('enforced');
    const [own] = await neighbour.connectTcp([{ host: '127.0.0.1', port: NEIGHBOUR_PORT }], ASK);
    expect(own).toMatchObject({ outcome: 'connected', answer: expect.stringContaining('pong') });
  });

  test('a neighbour’s backend is on no address', async () => {
    const hosts = [...hostAddresses(), neighbour.id, `${neighbour.id}.localhost`];
    const tried = await attacker.connectTcp(
      hosts.map((host) => ({ host, port: NEIGHBOUR_PORT })),
      ASK,
    );
    expect(tried.filter(({ outcome }) => outcome === 'connected')).toEqual([]);
  });

  test('the control API and previews are on no address', async () => {
    const hosts = [...hostAddresses(), `${neighbour.id}.localhost`];
    const { port } = arena.companion;
    const tried = await attacker.connectTcp(
      hosts.map((host) => ({ host, port })),
      ASK,
    );
    expect(tried.filter(({ outcome }) => outcome === 'connected')).toEqual([]);
  });

  test('a service of the machine that listens everywhere is on no address', async () => {
    const port = await startHostService(lifetime);
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe(HOST_ANSWER);
    const tried = await attacker.connectTcp(
      hostAddresses().map((host) => ({ host, port })),
      ASK,
    );
    expect(tried.filter(({ outcome }) => outcome === 'connected')).toEqual([]);
  });

  test('no socket of another gateway or of a container engine can be opened', async () => {
    const paths = await hostSockets(arena.companion.home);
    // Gateways and outlets, as their paths are on the machine.
    expect(paths.filter((path) => path.includes(neighbour.id))).not.toEqual([]);
    const tried = await attacker.connectSockets(paths, ASK);
    expect(tried.filter(({ outcome }) => outcome === 'connected')).toEqual([]);
  });

  test('its loopback has nothing but its own: the backend and its outlets', async () => {
    const ports = await attacker.listeningPorts();
    expect(ports).not.toContain(NEIGHBOUR_PORT);
    expect(ports).not.toContain(arena.companion.port);
    expect(ports.length).toBeLessThanOrEqual(3);
    const answers = await attacker.connectTcp(
      ports.map((port) => ({ host: '127.0.0.1', port })),
      ASK,
    );
    expect(answers.filter(({ answer }) => answer.includes('"vitrine"'))).toEqual([]);
  });
});
