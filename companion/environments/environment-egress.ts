import type { Duplex } from 'node:stream';
import { EgressGate } from '../egress/egress-gate.ts';
import { createFixedGate } from '../egress/fixed-gate.ts';
import type { NetworkLog } from '../proxy/network-log.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import { egressPolicy } from './egress-policy.ts';

export interface EnvironmentEgressOptions {
  record: EnvironmentRecord;
  log: NetworkLog;
  /** The companion's port: nothing is let out to it. */
  port: number;
  /** Keeps the record and tells of it. */
  save(): Promise<void>;
}

/** What an environment's sandboxes may reach, and the gate that lets them. */
export class EnvironmentEgress {
  readonly #options: EnvironmentEgressOptions;
  readonly #gate: EgressGate;

  constructor(options: EnvironmentEgressOptions) {
    this.#options = options;
    const { record, log, port } = options;
    this.#gate = new EgressGate({ policy: () => egressPolicy(record), ownPorts: () => [port], log });
  }

  /** Takes over a connection that something in the sandbox opened to the way out. */
  accept(connection: Duplex): void {
    this.#gate.accept(connection);
  }

  /** Lets the sandbox reach a host from now on. */
  async allow(host: string): Promise<void> {
    const { record } = this.#options;
    await this.#set([...new Set([...record.allowedHosts, host])]);
  }

  /** Takes back what {@link allow} gave; what the configuration allows stays. */
  async disallow(host: string): Promise<void> {
    await this.#set(this.#options.record.allowedHosts.filter((allowed) => allowed !== host));
  }

  /** The configuration changed: what it does not allow any more is cut. */
  policyChanged(): void {
    this.#gate.policyChanged();
  }

  /** A gate of its own for an installation, to these hosts (`host:port`) and no others. */
  installGate(allowed: string[]): EgressGate {
    const { log, port } = this.#options;
    return createFixedGate({ allowed, log, ownPorts: () => [port] });
  }

  /** Cuts everything. */
  close(): void {
    this.#gate.close();
  }

  async #set(hosts: string[]): Promise<void> {
    this.#options.record.allowedHosts = hosts;
    this.#gate.policyChanged();
    await this.#options.save();
  }
}
