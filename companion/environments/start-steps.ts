import { type StartStep, type StartStepName, startStepNameSchema } from '#shared/api/environment.ts';

/** The steps of one start, with their times. */
export class StartSteps {
  #steps: StartStep[] = [];
  readonly #startedAt = new Map<StartStepName, number>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.reset();
  }

  /** Before another start. */
  reset(): void {
    this.#startedAt.clear();
    this.#steps = startStepNameSchema.options.map((name) => ({ name, status: 'pending' }));
  }

  begin(name: StartStepName, detail?: string): void {
    this.#startedAt.set(name, performance.now());
    this.#set(name, { status: 'active', detail, durationMs: undefined });
  }

  /** Says more of a step that goes on; how much of it is done, where that can be counted. */
  tell(name: StartStepName, detail: string, count?: { done: number; total: number }): void {
    this.#set(name, { detail, ...count });
  }

  end(name: StartStepName, status: 'done' | 'skipped' | 'failed', detail?: string): void {
    const startedAt = this.#startedAt.get(name);
    const durationMs = startedAt === undefined ? undefined : Math.round(performance.now() - startedAt);
    const step = { status, detail: detail ?? this.#find(name)?.detail, durationMs };
    this.#set(name, { ...step, done: undefined, total: undefined });
  }

  /** Marks whatever is still going on as failed. */
  fail(detail: string): void {
    for (const { name, status } of this.#steps) if (status === 'active') this.end(name, 'failed', detail);
  }

  /** Runs a step: done with the detail it returns, failed with the message it throws. */
  async run<T>(
    name: StartStepName,
    work: () => Promise<T>,
    detailOf: (result: T) => string | undefined,
  ): Promise<T> {
    this.begin(name);
    try {
      const result = await work();
      this.end(name, 'done', detailOf(result));
      return result;
    } catch (error) {
      this.end(name, 'failed', (error as Error).message);
      throw error;
    }
  }

  /** Whether it came about or was left out: what failed may still come about. */
  isOver(name: StartStepName): boolean {
    const status = this.#find(name)?.status;
    return status === 'done' || status === 'skipped';
  }

  hasFailed(name: StartStepName): boolean {
    return this.#find(name)?.status === 'failed';
  }

  /** As if it had never begun. */
  forget(name: StartStepName): void {
    this.#startedAt.delete(name);
    this.#set(name, { status: 'pending', detail: undefined, durationMs: undefined });
  }

  list(): StartStep[] {
    return this.#steps.map((step) => ({ ...step }));
  }

  #find(name: StartStepName): StartStep | undefined {
    return this.#steps.find((step) => step.name === name);
  }

  #set(name: StartStepName, change: Partial<StartStep>): void {
    const step = this.#find(name);
    if (step) Object.assign(step, change);
    this.#onChange();
  }
}
