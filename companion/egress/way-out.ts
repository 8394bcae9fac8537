import type { Socket } from 'node:net';
import type { EgressState } from '#shared/api/environment.ts';
import { addressKind } from './address-kind.ts';
import { dial } from './dial.ts';
import { judge, type Target } from './judge.ts';
import { blocked, failed } from './refusals.ts';
import { resolveHost } from './resolve-host.ts';

export interface WayOutOptions {
  /** Asked for each request: what was allowed a moment ago works now. */
  policy(): EgressState;
  /** Ports of this machine that belong to Vitrine: never reached, whatever the policy says. */
  ownPorts(): readonly number[];
  resolve?: typeof resolveHost;
  dial?: typeof dial;
}

/** Something that is let out, and cut off when it is not allowed any more. */
interface Passage {
  target: Target;
  cut(): void;
}

/** The one place where connections out of a sandbox are judged and made. */
export class WayOut {
  readonly #options: WayOutOptions;
  readonly #passages = new Set<Passage>();

  constructor(options: WayOutOptions) {
    this.#options = options;
  }

  /**
   * Connects to a target. Rejects with EGRESS_BLOCKED or EGRESS_FAILED. `onCut` is called when the policy stops
   * allowing it while the connection is open.
   */
  async open(target: Target, signal: AbortSignal, onCut: () => void): Promise<Socket> {
    const { resolve = resolveHost, dial: connect = dial } = this.#options;
    const verdict = judge(this.#options.policy(), target);
    if (!verdict.isAllowed) throw blocked(target, verdict.reason);
    const addresses = await resolve(target.host).catch((error: unknown) => {
      throw failed(target, error);
    });
    const reachable = addresses.filter(
      (address) => verdict.mayReach(address) && !this.#isOurs(address, target.port),
    );
    if (reachable.length === 0) throw blocked(target, whyNot(addresses));
    const socket = await connect(reachable, target.port, signal).catch((error: unknown) => {
      throw failed(target, error);
    });
    const passage: Passage = { target, cut: onCut };
    this.#passages.add(passage);
    socket.once('close', () => this.#passages.delete(passage));
    if (!judge(this.#options.policy(), target).isAllowed) onCut(); // changed while it was being opened
    return socket;
  }

  /** Cuts what is open and not allowed any more. */
  policyChanged(): void {
    const policy = this.#options.policy();
    for (const { target, cut } of [...this.#passages]) if (!judge(policy, target).isAllowed) cut();
  }

  #isOurs(address: string, port: number): boolean {
    return addressKind(address) === 'machine' && this.#options.ownPorts().includes(port);
  }
}

function whyNot(addresses: string[]): string {
  if (addresses.length === 0) return 'it has no address';
  const isMachine = addresses.some((address) => addressKind(address) === 'machine');
  return isMachine
    ? 'it leads to this machine, which only an entry of its address and port allows'
    : 'it leads into a local network, which only an entry with host and port allows';
}
