/** Where the builder of the frontend listens in every pod (builder/host/builder-service.ts). */
export const BUILDER_PORT = 4_173;

/** Ports that nobody asked for by number: above what programs choose, below what the kernel gives to clients. */
const FIRST_FREE_PORT = 28_100;

/** Gives out ports inside one pod, each once. */
export class PodPorts {
  readonly #taken: Set<number>;

  constructor(taken: Iterable<number> = []) {
    this.#taken = new Set([BUILDER_PORT, ...taken]);
  }

  /** The preferred one unless it is taken. */
  take(preferred?: number): number {
    let port = preferred !== undefined && !this.#taken.has(preferred) ? preferred : FIRST_FREE_PORT;
    while (this.#taken.has(port)) port += 1;
    this.#taken.add(port);
    return port;
  }

  /** Claims a port that was asked for by number; false when it is taken. */
  claim(port: number): boolean {
    if (this.#taken.has(port)) return false;
    this.#taken.add(port);
    return true;
  }
}
