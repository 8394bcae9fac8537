import { createServer } from 'node:net';
import { VitrineError } from '#shared/errors.ts';

const MAX_ATTEMPTS = 50;

/** Ports given to services that may not listen on them yet: nobody else gets those. */
const given = new Set<number>();

/** A port of this machine that nothing listens on and that no other service was given. */
export async function takeFreePort(): Promise<number> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const port = await freePort('127.0.0.1', 0);
    if (port === null || given.has(port)) continue;
    // A service may choose any of these addresses; where there is no IPv6 it cannot be taken there either.
    const elsewhere = await Promise.all([freePort('::1', port), freePort('0.0.0.0', port)]);
    if (elsewhere.includes(null)) continue;
    given.add(port);
    return port;
  }
  throw new VitrineError({
    code: 'NO_FREE_PORT',
    message: `No free port was found in ${MAX_ATTEMPTS} attempts`,
    remedy: 'Stop programs that hold very many ports, or install bubblewrap so that none is needed.',
  });
}

export function returnPort(port: number): void {
  given.delete(port);
}

/** Listens for a moment. Null when the port is taken, the port itself when the address does not exist here. */
function freePort(host: string, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRINUSE' ? null : port),
    );
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      const taken = typeof address === 'object' && address ? address.port : null;
      server.close(() => resolve(taken));
    });
  });
}
