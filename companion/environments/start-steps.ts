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

  /** Says more of a step that goes on. */
  tell(name: StartStepName, detail: string): void {
    this.#set(name, { detail });
  }

  end(name: StartStepName, status: 'done' | 'skipped' | 'failed', detail?: string): void {
    const startedAt = this.#startedAt.get(name);
    const durationMs = startedAt === undefined ? undefined : Math.round(performance.now() - startedAt);
    this.#set(name, { status, detail: detail ?? this.#find(name)?.detail, durationMs });
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

  isOver(name: StartStepName): boolean {
    const status = this.#find(name)?.status;
    return status !== 'pending' && status !== 'active';
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
