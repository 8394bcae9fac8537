import type { ReadonlySignal } from '@preact/signals';
import type { Failure } from '#shared/api/environment.ts';

/** Where a companion answers, and the bearer token; no token where the served workbench's cookie does it. */
export interface CompanionAddress {
  baseUrl: string;
  token?: string;
}

export type ConnectionState =
  | { status: 'connecting' }
  | { status: 'connected'; address: CompanionAddress }
  /** Not installed, not running, or refused: `failure` says which and what to do. Keeps trying by itself. */
  | { status: 'unavailable'; failure: Failure };

/** How one home of the workbench (extension page, served page) reaches the companion. */
export interface CompanionConnection {
  readonly state: ReadonlySignal<ConnectionState>;
  /** Tries at once instead of at the next interval. */
  retry(): void;
  /** Tells that a call or a socket failed for want of a companion, so that the state is looked at again. */
  reportFailure(): void;
}
