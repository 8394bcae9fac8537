import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

const RESOLVE_DEADLINE_MS = 10_000;
/**
 * Lookups use Node's four threads, on which files wait too: a name server that does not answer may have two of them.
 */
const MAX_LOOKUPS = 2;
const MAX_WAITING = 200;

let running = 0;
const waiting: (() => void)[] = [];

/** The addresses of a host, as the machine resolves it. Rejects when it has none or the deadline passes. */
export async function resolveHost(host: string): Promise<string[]> {
  if (isIP(host)) return [host];
  // RFC 6761 §6.3: never asked of a name server.
  if (host === 'localhost' || host.endsWith('.localhost')) return ['127.0.0.1', '::1'];
  const deadline = AbortSignal.timeout(RESOLVE_DEADLINE_MS);
  await turn(deadline);
  const looking = lookup(host, { all: true, verbatim: true }).finally(() => {
    running -= 1;
    waiting.shift()?.();
  });
  const found = await Promise.race([looking, expired(deadline)]);
  return found.map(({ address }) => address);
}

async function turn(deadline: AbortSignal): Promise<void> {
  if (running >= MAX_LOOKUPS) {
    if (waiting.length >= MAX_WAITING) throw new Error('Too many names are being looked up.');
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    try {
      await Promise.race([promise, expired(deadline)]);
    } catch (error) {
      const at = waiting.indexOf(resolve);
      if (at >= 0) waiting.splice(at, 1);
      // Called in the very moment it gave up: the turn goes to the next one.
      else waiting.shift()?.();
      throw error;
    }
  }
  running += 1;
}

function expired(deadline: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = () => reject(new Error('The name was not resolved in time.'));
    if (deadline.aborted) fail();
    else deadline.addEventListener('abort', fail, { once: true });
  });
}
