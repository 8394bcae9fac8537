import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Outlet } from '../runtime.ts';
import { handOver, type OpenOutlets } from './outlet-sockets.ts';
import { type GatewayAddress, MAX_OUTLET_CONNECTIONS } from './protocol.ts';
import { openTunnel } from './tunnel.ts';

/** Connections kept waiting at each outlet. */
const WAITING = 8;
const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 2_000;

export interface OutletSupplyOptions {
  address: GatewayAddress;
  secret: string;
  outlets: Outlet[];
}

/**
 * For pods whose gateway cannot see the companion's sockets: keeps connections waiting at it for whatever in the
 * pod wants one (see protocol.ts), until closed. A gateway that does not answer is tried again, ever more slowly.
 */
export function supplyOutlets({ address, secret, outlets }: OutletSupplyOptions): OpenOutlets {
  const closing = new AbortController();
  const connections = new Set<Socket>();
  for (const outlet of outlets) {
    supply(outlet, { address, secret }, connections, closing.signal);
  }
  return {
    close: () => {
      closing.abort(new Error('The sandbox is gone'));
      for (const connection of connections) connection.destroy();
    },
  };
}

function supply(
  outlet: Outlet,
  gateway: { address: GatewayAddress; secret: string },
  connections: Set<Socket>,
  signal: AbortSignal,
): void {
  let waiting = 0;
  let open = 0;
  let retryMs = FIRST_RETRY_MS;
  const fill = () => {
    while (!signal.aborted && waiting < WAITING && waiting + open < MAX_OUTLET_CONNECTIONS) {
      waiting += 1;
      void offer();
    }
  };
  const offer = async () => {
    const connection = await untilTaken(outlet.name, gateway, signal);
    if (connection) {
      retryMs = FIRST_RETRY_MS;
      open += 1;
      connection.once('close', () => {
        open -= 1;
        fill();
      });
      handOver(outlet, connection, connections);
    } else {
      const pause = retryMs;
      await delay(pause, undefined, { signal }).catch(() => {}); // closed: fill() sees that too
      // All that failed together wait equally long.
      if (retryMs === pause) retryMs = Math.min(MAX_RETRY_MS, pause * 2);
    }
    waiting -= 1;
    fill();
  };
  fill();
}

/** A connection that something in the pod uses from now on, or null when the gateway did not keep it. */
async function untilTaken(
  name: Outlet['name'],
  gateway: { address: GatewayAddress; secret: string },
  signal: AbortSignal,
): Promise<Socket | null> {
  try {
    const tunnel = await openTunnel({ ...gateway, target: `outlet:${name}`, allowHalfOpen: true }, signal);
    return 'connection' in tunnel ? tunnel.connection : null;
  } catch {
    return null; // gone, or not there yet: the pod's own life tells which
  }
}
