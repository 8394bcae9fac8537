/** What gateway and client agree on. Kept free of imports: the gateway runs inside sandboxes, from one file. */

/** Carries the pod's secret. */
export const AUTH_HEADER = 'x-isolated-auth';

/** Names the system error (`ECONNREFUSED`, …) when the gateway answers 502. */
export const ERROR_HEADER = 'x-vitrine-error';

/** Connections the kernel holds until the gateway accepts them (it caps this at net.core.somaxconn, usually 4096). */
export const BACKLOG = 4096;
