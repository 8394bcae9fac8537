import type { Failure, ServiceState } from '#shared/api/environment.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import type { Condition } from './condition.ts';
import type { Journal } from './journal.ts';
import { mayTakeOver } from './own-server-takes-over.ts';
import { Recovery } from './recovery.ts';
import type { Run } from './run.ts';
import type { RunContext } from './run-context.ts';
import { engineGone, SANDBOX_ENDED, worktreeRemoved } from './run-failures.ts';

export interface RunMishapsOptions {
  record: EnvironmentRecord;
  journal: Journal;
  condition: Condition;
  /** The run that goes on. */
  run(): Run | undefined;
  runtime(): Runtime;
  start(): Promise<void>;
  restart(): Promise<void>;
  /** Shows the frontend with the project's own dev server from now on. */
  useOwnServer(why: string): Promise<void>;
}

type Handlers = Pick<
  RunContext,
  'onServiceState' | 'onPodGone' | 'onDatabaseFull' | 'onPackagesStale' | 'onUnfit' | 'onWorktreeRemoved'
>;

/** What may happen to a run that started well, and what is done about it: told, mended, or the run is ended. */
export class RunMishaps {
  readonly #options: RunMishapsOptions;
  readonly #recovery: Recovery;

  constructor(options: RunMishapsOptions) {
    this.#options = options;
    this.#recovery = new Recovery({
      isEngineUp: async (signal) => (await options.runtime().probe(signal)).available,
      restart: () => options.start(),
      onWaiting: () => options.condition.fail(engineGone(options.record.runtime)),
    });
  }

  /** What one run is to tell. */
  handlersFor(run: () => Run): Handlers {
    const { record, journal, restart } = this.#options;
    return {
      onServiceState: (state) => this.#serviceChanged(state),
      onPodGone: () => void this.#podLost(run()),
      onDatabaseFull: (failure) => {
        journal.event('limit_disk', failure.message);
        void this.#lost(run(), failure);
      },
      onPackagesStale: () => {
        journal.event('packages', 'The lock file changed: the preview starts anew with its packages');
        restart().catch(() => undefined); // the condition tells
      },
      onUnfit: (reason) => void this.#fallBack(run(), reason),
      onWorktreeRemoved: () => void this.#lost(run(), worktreeRemoved(record.worktree)),
    };
  }

  /** Somebody ends the environment: what was lost is not brought back. */
  cancel(): void {
    this.#recovery.cancel();
  }

  #serviceChanged({ name, status, failure }: ServiceState): void {
    const { record, journal, condition } = this.#options;
    if (status !== 'starting') journal.event(`service_${status}`, failure?.message ?? name);
    if (failure)
      journal.log({ source: 'vitrine', level: 'error', text: `${failure.message}\n${failure.remedy}` });
    const failed = this.#options.run()?.failure;
    if (record.status === 'running' && failed) condition.fail(failed);
    if (record.status === 'failed' && status === 'running' && !failed) condition.become('running');
    journal.changed();
  }

  /** What the run stands on is gone: the rest of it ends too. */
  async #lost(run: Run, failure: Failure): Promise<void> {
    await run.end();
    if (this.#options.run() === run) this.#options.condition.fail(failure);
  }

  /** The pod ended by itself: it is started again, unless that happens again and again. */
  async #podLost(run: Run): Promise<void> {
    await this.#lost(run, SANDBOX_ENDED);
    if (this.#options.run() === run) await this.#recovery.afterLoss();
  }

  async #fallBack(run: Run, why: string): Promise<void> {
    const { record, journal } = this.#options;
    const root = run.plan?.frontend?.root;
    if (root === undefined || !(await mayTakeOver(record, root))) return;
    if (this.#options.run() !== run || run.isEnding) return;
    const text = `The project’s own dev server takes over: ${why}`;
    journal.event('provider', text);
    journal.log({ source: 'vitrine', level: 'warn', text });
    await this.#options.useOwnServer(why);
  }
}
