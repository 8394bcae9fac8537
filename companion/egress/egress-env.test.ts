import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NetworkLog } from '../proxy/network-log.ts';
import { dial } from './dial.ts';
import { egressEnv } from './egress-env.ts';
import { EgressGate } from './egress-gate.ts';

let log: NetworkLog;
let gate: EgressGate;
let outlet: ReturnType<typeof createServer>;
let internet: http.Server;
const sockets = new Set<Socket>();

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port; // TCP: never null or text

beforeEach(async () => {
  log = new NetworkLog(() => undefined);
  internet = http.createServer((request, response) => response.end(`host ${request.headers.host}`));
  gate = new EgressGate({
    policy: () => ({ policy: 'allowlist', allowed: ['shop.example'] }),
    log,
    ownPorts: () => [],
    resolve: async () => ['93.184.216.34'],
    dial: (_addresses, _port, signal) => dial(['127.0.0.1'], portOf(internet), signal),
  });
  outlet = createServer((socket) => gate.accept(socket));
  for (const server of [internet, outlet]) {
    server.on('connection', (socket: Socket) => sockets.add(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
});
afterEach(() => {
  gate.close();
  for (const socket of sockets) socket.destroy();
  outlet.close();
  internet.close();
});

/** What a program prints that has the variables. */
async function run(command: string, args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, ...egressEnv(portOf(outlet), ['db']) };
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return output + errors;
}

test.each([
  ['fetch', `fetch('http://shop.example/').then((answer) => answer.text()).then(console.log)`],
  ['http', `require('http').get('http://shop.example/', (answer) => answer.pipe(process.stdout))`],
])('Node’s %s goes through the gate', async (_what, program) => {
  expect(await run(process.execPath, ['-e', program])).toContain('host shop.example');
  expect(log.list().requests[0]).toMatchObject({ initiator: 'backend', status: 200 });
});

test('Node asks its own sandbox directly', async () => {
  const program = `fetch('http://127.0.0.1:${portOf(internet)}/').then((answer) => answer.text()).then(console.log)`;
  expect(await run(process.execPath, ['-e', program])).toContain('host 127.0.0.1');
  expect(log.list().requests).toEqual([]);
});

test('names of the sandbox are asked directly too', () => {
  expect(egressEnv(9, ['db', 'cache']).NO_PROXY).toBe('localhost,127.0.0.1,::1,db,cache');
  expect(egressEnv(9).no_proxy).toBe(egressEnv(9).NO_PROXY);
});
