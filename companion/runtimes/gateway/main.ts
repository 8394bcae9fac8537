import process from 'node:process';
import { parseArgs } from 'node:util';
import { startGateway } from './server.ts';

/**
 * The gateway as a program of its own (runtime docker): `--socket <path>` or `--port <number>`, the secret in
 * VITRINE_GATEWAY_SECRET. Prints `{"type":"ready","address":…}` once it listens.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { socket: { type: 'string' }, port: { type: 'string' } } });
  const secret = process.env.VITRINE_GATEWAY_SECRET;
  if (!secret) throw new Error('Expected the secret in VITRINE_GATEWAY_SECRET');
  const listen = values.socket ? { socket: values.socket } : { port: Number(values.port ?? 0) };
  const gateway = await startGateway({ secret, listen });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
  process.stdout.write(`${JSON.stringify({ type: 'ready', address: gateway.address })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
