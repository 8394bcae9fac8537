import {
  type CreatedEnvironment,
  type CreateEnvironment,
  createdEnvironmentSchema,
  type Environment,
  type EnvironmentDetail,
  environmentDetailSchema,
  environmentListSchema,
  environmentSchema,
} from '#shared/api/environment.ts';
import { type Evaluate, type Evaluation, evaluationSchema } from '#shared/api/evaluate.ts';
import type { Feedback } from '#shared/api/metrics.ts';
import { type UsageSample, usageListSchema } from '#shared/api/usage.ts';
import type { ProviderName } from '#shared/identifiers.ts';
import { type ApiTransport, environmentPath, LONG_DEADLINE_MS } from '../api-transport.ts';

/** Environments: what there is, their starts and ends, and what people say and ask of them. */
export class EnvironmentCalls {
  readonly #transport: ApiTransport;

  constructor(transport: ApiTransport) {
    this.#transport = transport;
  }

  async list(signal?: AbortSignal): Promise<Environment[]> {
    return (await this.#transport.json('/api/environments', environmentListSchema, { signal })).environments;
  }

  /** One environment, with a preview address that is good for one navigation. */
  get(id: string, signal?: AbortSignal): Promise<EnvironmentDetail> {
    return this.#transport.json(environmentPath(id), environmentDetailSchema, { signal });
  }

  /** Starts an environment, or finds the one that the attempt has already. */
  create(request: CreateEnvironment, signal?: AbortSignal): Promise<CreatedEnvironment> {
    const call = { method: 'POST', body: request, deadlineMs: LONG_DEADLINE_MS, signal } as const;
    return this.#transport.json('/api/environments', createdEnvironmentSchema, call);
  }

  suspend(id: string, signal?: AbortSignal): Promise<Environment> {
    return this.#act(id, 'suspend', signal);
  }

  resume(id: string, signal?: AbortSignal): Promise<Environment> {
    return this.#act(id, 'resume', signal);
  }

  restart(id: string, signal?: AbortSignal): Promise<Environment> {
    return this.#act(id, 'restart', signal);
  }

  /** Tries again what failed, and only that where the rest of it runs. */
  retry(id: string, signal?: AbortSignal): Promise<Environment> {
    return this.#act(id, 'retry', signal);
  }

  /** Starts it anew with another provider for its frontend. */
  switchProvider(id: string, provider: ProviderName, signal?: AbortSignal): Promise<Environment> {
    const call = { method: 'POST', body: { provider }, deadlineMs: LONG_DEADLINE_MS, signal } as const;
    return this.#transport.json(`${environmentPath(id)}/provider`, environmentSchema, call);
  }

  /** Ends the environment and frees what it held. The worktree stays. */
  async terminate(id: string, signal?: AbortSignal): Promise<void> {
    const call = { method: 'DELETE', deadlineMs: LONG_DEADLINE_MS, signal } as const;
    await this.#transport.text(environmentPath(id), call);
  }

  /** Says whether the preview was useful. */
  sendFeedback(id: string, feedback: Feedback, signal?: AbortSignal): Promise<Environment> {
    const call = { method: 'POST', body: feedback, signal } as const;
    return this.#transport.json(`${environmentPath(id)}/feedback`, environmentSchema, call);
  }

  /** Runs a text in one open page of the preview. */
  evaluate(id: string, request: Evaluate, signal?: AbortSignal): Promise<Evaluation> {
    const call = { method: 'POST', body: request, signal } as const;
    return this.#transport.json(`${environmentPath(id)}/evaluate`, evaluationSchema, call);
  }

  /** What the environment used lately, the oldest first; empty where it is not measured. */
  async usage(id: string, signal?: AbortSignal): Promise<UsageSample[]> {
    return (await this.#transport.json(`${environmentPath(id)}/usage`, usageListSchema, { signal })).samples;
  }

  #act(
    id: string,
    action: 'suspend' | 'resume' | 'restart' | 'retry',
    signal?: AbortSignal,
  ): Promise<Environment> {
    const call = { method: 'POST', deadlineMs: LONG_DEADLINE_MS, signal } as const;
    return this.#transport.json(`${environmentPath(id)}/${action}`, environmentSchema, call);
  }
}
