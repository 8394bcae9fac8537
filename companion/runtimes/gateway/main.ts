import process from 'node:process';
import { parseArgs } from 'node:util';
import type { GatewayOutlet } from './protocol.ts';
import { startGateway } from './server.ts';

/**
 * The gateway as a program of its own (runtime docker): `--socket <path>` or `--port <number>` with `--host
 * <address>` (127.0.0.1 unless told), the secret in VITRINE_GATEWAY_SECRET. `--outlet <name>:<port>:<socket>`, any
 * number of times, opens an outlet; without the socket the companion supplies its connections. Prints `{"type":"ready","address":…}` once it listens.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      socket: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string' },
      outlet: { type: 'string', multiple: true, default: [] },
    },
  });
  const secret = process.env.VITRINE_GATEWAY_SECRET;
  if (!secret) throw new Error('Expected the secret in VITRINE_GATEWAY_SECRET');
  const listen = values.socket
    ? { socket: values.socket }
    : { port: Number(values.port ?? 0), host: values.host ?? '127.0.0.1' };
  const gateway = await startGateway({ secret, listen, outlets: values.outlet.map(parseOutlet) });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
  process.stdout.write(`${JSON.stringify({ type: 'ready', address: gateway.address })}\n`);
}

function parseOutlet(text: string): GatewayOutlet {
  const [, name, port, socket] = /^(\w+):(\d+)(?::(.+))?$/.exec(text) ?? [];
  if (!name || !port) throw new Error(`Expected --outlet <name>:<port>[:<socket>], got "${text}"`);
  return { name, port: Number(port), ...(socket ? { socket } : {}) };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
