/** Collects what has to be undone, and undoes it last first, each step even if another one fails. */
export class Lifetime {
  #steps: (() => unknown)[] = [];

  /** Registers how to end `thing`, and hands it back. */
  own<T>(thing: T, end: (thing: T) => unknown): T {
    this.#steps.push(() => end(thing));
    return thing;
  }

  async end(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step();
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, 'Several things could not be ended');
  }
}
