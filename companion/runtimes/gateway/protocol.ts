/**
 * What gateway and companion agree on. Kept free of imports: the gateway runs inside sandboxes, from one file.
 *
 * In: `CONNECT 127.0.0.1:<port> HTTP/1.1` with the pod's secret leads to a port of the pod's loopback interface.
 *
 * Out, where sockets can be mounted: the gateway listens on the outlet's port and joins each connection to the
 * companion's own unix socket for it, at once and without a word in between.
 *
 * Out, where they cannot: only the companion can open connections, so it keeps a few waiting. It sends
 * `CONNECT outlet:<name> HTTP/1.1` with the secret, and the gateway leaves that unanswered until something in the
 * pod connects to the outlet's port. Then it answers `200`, directly followed by that connection's bytes, and the
 * companion sends another CONNECT in its place. The companion sends nothing before the 200; a gateway that has
 * MAX_OFFERED waiting answers `503`, one that has no such outlet `404`.
 */

/** Carries the pod's secret. */
export const AUTH_HEADER = 'x-isolated-auth';

/** Names the system error (`ECONNREFUSED`, …) when the gateway answers 502. */
export const ERROR_HEADER = 'x-vitrine-error';

/** Connections the kernel holds until the gateway accepts them (it caps this at net.core.somaxconn, usually 4096). */
export const BACKLOG = 4096;

/** Connections of the companion that may wait at one outlet. */
export const MAX_OFFERED = 32;

/** Connections through one outlet at a time: more than pools and package managers open, and a bound for a flood. */
export const MAX_OUTLET_CONNECTIONS = 512;

/** Where a gateway listens: a unix socket, or a TCP port (0 takes a free one) of an address, 127.0.0.1 unless told. */
export type GatewayAddress = { socket: string } | { port: number; host?: string };

/** An outlet as the gateway knows it. */
export interface GatewayOutlet {
  name: string;
  /** The port inside. */
  port: number;
  /** The companion's socket for it; without one the companion connects with `CONNECT outlet:<name>`. */
  socket?: string;
}
