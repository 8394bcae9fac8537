import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { networkListSchema } from '#shared/api/network.ts';
import { Lifetime } from '../lifetime.ts';
import { type Arena, openArena } from './arena.ts';
import type { Attacker } from './attacker.ts';
import { GROUNDS } from './grounds.ts';
import { INTERNET_ANSWER, type Internet, makeInternet } from './internet.ts';
import { authority, HOST_ANSWER, hostAddresses, LOOPBACK_SPELLINGS, startHostService } from './machine.ts';

/** RFC 6761 keeps it from ever being one. */
const NO_NAME = 'attack.test';

describe.each(GROUNDS)('the way out, from inside a sandbox of $name', (ground) => {
  const lifetime = new Lifetime();
  let arena: Arena;
  let internet: Internet;
  let closed: Attacker;
  let listed: Attacker;
  let open: Attacker;
  let hostPort: number;

  beforeAll(async () => {
    internet = await makeInternet(lifetime);
    hostPort = await startHostService(lifetime);
    arena = lifetime.own(await openArena(ground), (opened) => opened.leave());
    closed = await arena.enter('closed');
    // What a user might allow without a thought of the companion.
    const allow = [internet.address, 'localhost', '*.localhost', '127.0.0.1'];
    listed = await arena.enter('listed', { egress: 'allowlist', allow });
    open = await arena.enter('open', { egress: 'open' });
  });
  afterAll(() => lifetime.end());

  const everyWayIn = (port: number) => [
    ...hostAddresses().map((host) => authority(host, port)),
    ...LOOPBACK_SPELLINGS.map((spelling) => `${spelling}:${port}`),
  ];

  test('the stand-in for the internet answers the machine', async () => {
    expect(await (await fetch(`http://${internet.address}/`)).text()).toBe(INTERNET_ANSWER);
  });

  test('no address is reached without the proxy, whatever the policy', async () => {
    for (const attacker of [closed, listed, open]) {
      const targets = [internet.address, internet.otherAddress].map((host) => ({ host, port: 80 }));
      const tried = await attacker.connectTcp(targets);
      expect(tried.filter(({ outcome }) => outcome === 'connected')).toEqual([]);
    }
  });

  test('no name is resolved inside, so that none carries anything out', async () => {
    for (const attacker of [closed, listed, open]) {
      const tried = await attacker.resolveNames([NO_NAME, `secret.${NO_NAME}`, 'example.org']);
      expect(tried.filter(({ outcome }) => outcome === 'resolved')).toEqual([]);
    }
  });

  test.each([
    ['none: nothing', () => closed, []],
    ['allowlist: the host that is on it', () => listed, ['address']],
    ['open: the internet', () => open, ['address', 'otherAddress']],
  ] as const)('through the proxy, policy %s', async (_what, attacker, expected) => {
    const places = ['address', 'otherAddress'] as const;
    const tried = await attacker().throughProxy(places.map((place) => ({ authority: internet[place] })));
    const reached = (body: 'plainBody' | 'tunnelBody') =>
      places.filter((_place, index) => tried[index]?.[body].includes(INTERNET_ANSWER));
    expect(reached('plainBody')).toEqual(expected);
    expect(reached('tunnelBody')).toEqual(expected);
  });

  test('the control API and previews are reached under no policy and by no spelling', async () => {
    const { port } = arena.companion;
    const targets = [...everyWayIn(port), `${open.id}.localhost:${port}`].map((way) => ({
      authority: way,
      path: '/healthz',
    }));
    for (const attacker of [closed, listed, open]) {
      const tried = await attacker.throughProxy(targets);
      const bodies = tried.flatMap(({ url, plainBody, tunnelBody }) => [
        `${url} ${plainBody}`,
        `${url} ${tunnelBody}`,
      ]);
      expect(bodies.filter((body) => body.includes('"vitrine"') || body.includes('pong'))).toEqual([]);
      expect(
        tried.filter(({ plain, tunnel }) => plain === '200' || tunnel === '200').map(({ url }) => url),
      ).toEqual([]);
    }
  });

  test('a service of the machine is reached under no policy and by no spelling', async () => {
    const targets = everyWayIn(hostPort).map((way) => ({ authority: way }));
    for (const attacker of [closed, listed, open]) {
      const tried = await attacker.throughProxy(targets);
      const reached = tried.filter(({ plainBody, tunnelBody }) =>
        `${plainBody}${tunnelBody}`.includes(HOST_ANSWER),
      );
      expect(reached.map(({ url }) => url)).toEqual([]);
    }
  });

  test('every try is in the network log, with whether it was let out', async () => {
    const logged = async ({ id }: Attacker) => {
      const response = await arena.companion.fetch(
        `/api/environments/${id}/network?initiator=backend&limit=1000&text=${internet.address}`,
      );
      return networkListSchema.parse(await response.json()).requests;
    };
    const refused = await logged(closed);
    expect(refused.map(({ kind, blocked }) => [kind, blocked]).toSorted()).toEqual([
      ['http', true],
      ['tunnel', true],
    ]);
    const letOut = await logged(open);
    expect(letOut.filter(({ blocked }) => blocked)).toEqual([]);
    expect(letOut.length).toBeGreaterThanOrEqual(2);
  });
});
