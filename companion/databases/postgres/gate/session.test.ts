import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { PostgresServer } from '../server.ts';
import { Session } from './session.ts';

const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);
const QUERY = Buffer.from([0x51, 0, 0, 0, 6, 0x3b, 0]);

async function listen(onConnection: (socket: Socket) => void): Promise<() => Promise<Socket>> {
  const server = createServer(onConnection).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return async () => {
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
}

function hear(socket: Socket): () => Buffer {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
  return () => Buffer.concat(chunks);
}

/** A session between a client and a server that the test plays both, after the server said that it is ready. */
async function openSession() {
  const accepted = Promise.withResolvers<Socket>();
  const open = await listen((socket) => accepted.resolve(socket));
  const known: Pick<PostgresServer, 'open'> = { open };
  const knock = await listen((socket) =>
    new Session(socket, {
      find: (database, role) => ({ server: known as PostgresServer, database, role }),
      holder: () => null,
      onKey: () => undefined,
      onClosed: () => undefined,
    }).start(),
  );
  const client = await knock();
  const text = Buffer.from('user\0e\0database\0e\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + text.length, 0);
  head.writeInt32BE(3 << 16, 4);
  client.write(Buffer.concat([head, text]));
  const server = await accepted.promise;
  const asked = hear(server);
  await expect.poll(() => asked().length).toBe(8 + text.length);
  const heard = hear(client);
  server.write(READY);
  await expect.poll(heard).toEqual(READY);
  const say = async (...parts: Buffer[]) => {
    for (const part of parts) {
      const before = asked().length;
      client.write(part);
      await expect.poll(() => asked().length).toBe(before + part.length);
    }
  };
  return { client, server, say, heard };
}

test.each([
  ['whole', [TERMINATE]],
  ['in parts', [TERMINATE.subarray(0, 2), TERMINATE.subarray(2)]],
  ['after a statement', [Buffer.concat([QUERY, TERMINATE])]],
])(
  'a client that said that it is done (%s) hears of no error when the server closes at that',
  async (_how, said) => {
    const { client, server, say, heard } = await openSession();
    await say(...said);
    // Its own end comes later.
    server.end();
    await once(client, 'end');
    expect(heard()).toEqual(READY);
  },
);

test('a client in the middle of its work hears that the server ended the connection', async () => {
  const { client, server, say, heard } = await openSession();
  await say(QUERY);
  server.end();
  await once(client, 'end');
  expect(heard().subarray(READY.length).toString('latin1')).toMatch(/^E.*57P02.*the database server ended/s);
});
