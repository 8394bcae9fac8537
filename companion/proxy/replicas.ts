import type { ChosenReplica } from './backend-target.ts';
import { ReplicaAgent } from './replica-agent.ts';

/** More than the copies of all services of one environment that may live at once. */
const MAX_AGENTS = 64;

/** The kept connections of one environment's replicas; those of a process that is gone go with its sockets. */
export class Replicas {
  readonly #agents = new Map<string, ReplicaAgent>();

  agentFor({ key, connect }: ChosenReplica): ReplicaAgent {
    const known = this.#agents.get(key);
    if (known) return known;
    this.#dropUnused();
    const agent = new ReplicaAgent(connect);
    this.#agents.set(key, agent);
    return agent;
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  #dropUnused(): void {
    for (const [key, agent] of this.#agents) {
      if (!agent.isUnused && this.#agents.size < MAX_AGENTS) continue;
      agent.destroy();
      this.#agents.delete(key);
    }
  }
}
