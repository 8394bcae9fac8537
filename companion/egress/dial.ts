import { connect, type LookupFunction, type Socket } from 'node:net';

const CONNECT_DEADLINE_MS = 15_000;
/** A tunnel that is quiet for long is asked whether it still stands. */
const KEEP_ALIVE_MS = 60_000;

/** Connects to one of these very addresses: no name is looked up again that could have changed (attack 4). */
export function dial(addresses: readonly string[], port: number, signal: AbortSignal): Promise<Socket> {
  const answers = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const pinned: LookupFunction = (_host, { all }, callback) => {
    const [first] = answers;
    if (all || !first) callback(null, answers);
    else callback(null, first.address, first.family);
  };
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    // The name only has to be none that needs no lookup.
    const socket = connect({
      host: 'checked.invalid',
      port,
      lookup: pinned,
      autoSelectFamily: true,
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    });
    const timer = setTimeout(
      () => socket.destroy(new Error(`No connection within ${CONNECT_DEADLINE_MS / 1_000} s.`)),
      CONNECT_DEADLINE_MS,
    );
    const abort = () => socket.destroy(new Error('Nobody wants the connection any more.'));
    signal.addEventListener('abort', abort, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('error', fail);
    };
    const fail = (error: Error) => {
      settle();
      socket.on('error', () => undefined);
      reject(error);
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      settle();
      // Until its owner listens; `close` tells either way.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
