import { connect, createServer } from 'node:net';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { BACKLOG } from '../../gateway/protocol.ts';
import { splice } from '../../gateway/splice.ts';

/**
 * The door of a pod whose engine shares no sockets with this machine: passes every connection on to the gateway's
 * socket, unread. `--port <number>`, on every address of its container; `--socket <path>`. Prints
 * `{"type":"ready"}` once it listens. It needs no secret: the gateway asks for it.
 */
const { values } = parseArgs({ options: { port: { type: 'string' }, socket: { type: 'string' } } });
const { port, socket } = values;
if (!port || !socket) throw new Error('Expected --port and --socket');

const server = createServer({ allowHalfOpen: true, noDelay: true }, (outside) => {
  const inside = connect({ path: socket, allowHalfOpen: true });
  splice(outside, inside);
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
server.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
server.listen({ host: '0.0.0.0', port: Number(port), backlog: BACKLOG }, () =>
  process.stdout.write('{"type":"ready"}\n'),
);
