import type { Failure, ServiceState } from '#shared/api/environment.ts';
import type { ServicePlan } from '../../detection/service-plan.ts';
import type { ServiceReplica } from './service-replica.ts';

/** One service: all its copies. */
export class ServiceGroup {
  readonly plan: ServicePlan;
  readonly replicas: readonly ServiceReplica[];
  #changed = Promise.withResolvers<void>();
  #isStarted = false;
  #isClosed = false;
  /** Where the round among equals goes on. */
  #next = 0;

  constructor(plan: ServicePlan, replicas: ServiceReplica[]) {
    this.plan = plan;
    this.replicas = replicas;
  }

  get states(): ServiceState[] {
    return this.replicas.map(({ state }) => state);
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  get isReady(): boolean {
    return this.replicas.some((replica) => replica.isReady);
  }

  /** Why none of its copies runs or will; undefined while one does or may. */
  get failure(): Failure | undefined {
    return this.replicas.every((replica) => replica.isGivenUp) ? this.states[0]?.failure : undefined;
  }

  start(): void {
    this.#isStarted = true;
    for (const replica of this.replicas) replica.start();
  }

  /** Told by whoever hears of its copies' states. */
  noteChange(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Resolves when every copy came up or was given up and one is ready, be it after a long time, or when it is closed. */
  async up(): Promise<void> {
    const isUp = () => this.isReady && this.states.every(({ status }) => status !== 'starting');
    while (!this.#isClosed && !isUp()) await this.#changed.promise;
  }

  /** The ready copy with the fewest requests; among equals each in its turn. */
  choose(): ServiceReplica | undefined {
    const count = this.replicas.length;
    let best: ServiceReplica | undefined;
    let bestAt = 0;
    for (let step = 0; step < count; step += 1) {
      const at = (this.#next + step) % count;
      const replica = this.replicas[at];
      if (!replica?.isReady || (best && replica.active >= best.active)) continue;
      best = replica;
      bestAt = at;
    }
    if (best) this.#next = bestAt + 1;
    return best;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.noteChange();
    await Promise.all(this.replicas.map((replica) => replica.close()));
  }
}
