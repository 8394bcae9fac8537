import { freemem } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../config/read-config.ts';
import { detectProject, type ProjectPlan } from '../detection/detect-project.ts';
import { requireImages } from '../detection/plan-services.ts';
import type { PodSpec } from '../runtimes/runtime.ts';
import { createSecret } from '../security/secrets.ts';
import type { StatePaths } from '../storage/state-directory.ts';
import type { ChosenEngines, Engines } from './engines.ts';
import { createEnvironmentId } from './environment-name.ts';
import { findPodMounts } from './pod-mounts.ts';
import { podSpec } from './pod-spec.ts';
import { directoryExists } from './resolve-attempt.ts';
import { type WarmClaim, WarmPod } from './warm-pod.ts';

/**
 * Free memory below which no pod is kept ready: an environment that is asked for now takes about half of it for its
 * builder and backend, and the editor and browser of the person need the rest more than a pod that may never be used.
 */
const MEMORY_FLOOR_BYTES = 1_536 * 1024 * 1024;
/** A pod is made only with this much above the floor, so that it is not dropped for its own weight. */
const MEMORY_MARGIN_BYTES = 256 * 1024 * 1024;
/** How often pods that wait are looked after. */
const CHECK_MS = 10_000;
/** Attempts beyond are not looked at: nobody keeps that many sandboxes ready. */
const MAX_CANDIDATES = 200;

/** An attempt that may be previewed next. */
export interface WarmCandidate {
  worktree: string;
  mainCheckout: string;
  title: string;
}

export interface WarmPodsOptions {
  engines: Engines;
  paths: StatePaths;
  /** Attempts, the newest first. */
  candidates(signal: AbortSignal): Promise<WarmCandidate[]>;
  hasEnvironment(worktree: string): boolean;
  /** Whether an environment is starting: it needs the machine for itself. */
  isBusy(): boolean;
  /** Whether pods have a way out (RunContext.egress). */
  hasEgress: boolean;
  /** Bytes; for tests. */
  freeMemory?(): number;
  checkMs?: number;
}

/**
 * Keeps pods ready for the newest attempts without an environment: of each project as many as `isolation.backend.pool`
 * of the attempt's configuration says. Costs nothing where no configuration asks for one.
 */
export class WarmPods {
  readonly #options: WarmPodsOptions;
  readonly #closing = new AbortController();
  /** By worktree. */
  readonly #held = new Map<string, WarmPod>();
  readonly #claimed = new Set<WarmPod>();
  /** Worktrees a pod could not be made for; tried again when the attempts change. */
  readonly #failed = new Set<string>();
  #candidates: WarmCandidate[] = [];
  #areCandidatesOld = false;
  #isWanted = false;
  #again = false;
  #work: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WarmPodsOptions) {
    this.#options = options;
  }

  /** Worktrees that have a pod, ready or in the making. */
  get worktrees(): string[] {
    return [...this.#held.keys()];
  }

  /** There are other attempts, or an environment was made whose configuration asks for a pool. */
  attemptsChanged(): void {
    this.#areCandidatesOld = true;
    this.#wake();
  }

  /** An environment came, went or changed its status. Does nothing where no pool is wanted. */
  environmentsChanged(): void {
    if (this.#isWanted) this.#wake();
  }

  /** The pod of a worktree whose environment is made now. The caller takes or releases it. */
  claim(worktree: string): WarmClaim | undefined {
    const pod = this.#held.get(worktree);
    if (!pod) return undefined;
    this.#held.delete(worktree);
    this.#claimed.add(pod);
    const over = () => this.#claimed.delete(pod);
    return {
      environmentId: pod.environmentId,
      secret: pod.secret,
      take: (spec, runtime, signal) => pod.take(spec, runtime, signal).finally(over),
      release: () => pod.release().finally(over),
    };
  }

  /** Resolves when nothing is being made or ended. */
  async settled(): Promise<void> {
    while (this.#work) await this.#work;
  }

  /** Ends all pods that were not taken. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('The companion stops'));
    clearTimeout(this.#timer);
    const ending = [...this.#held.values()].map((pod) => pod.discard());
    this.#held.clear();
    await Promise.all([...ending, ...[...this.#claimed].map((pod) => pod.release()), this.settled()]);
  }

  #wake(): void {
    this.#again = true;
    if (this.#work || this.#closing.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#work = this.#workOff()
      .catch((error) => console.error('Sandboxes could not be kept ready:', error))
      .finally(() => {
        this.#work = undefined;
        this.#schedule();
      });
  }

  #schedule(): void {
    if (!this.#isWanted || this.#closing.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#wake(), this.#options.checkMs ?? CHECK_MS);
    this.#timer.unref();
  }

  async #workOff(): Promise<void> {
    while (this.#again && !this.#closing.signal.aborted) {
      this.#again = false;
      const wanted = await this.#wanted();
      this.#isWanted = wanted.length > 0;
      for (const worktree of this.worktrees) {
        if (!wanted.some((candidate) => candidate.worktree === worktree)) await this.#drop(worktree);
      }
      if (this.#free < MEMORY_FLOOR_BYTES) {
        for (const worktree of this.worktrees) await this.#drop(worktree);
        return;
      }
      for (const candidate of wanted) {
        if (this.#again || this.#closing.signal.aborted) break;
        await this.#keep(candidate);
      }
    }
  }

  async #wanted(): Promise<WarmCandidate[]> {
    const { candidates, hasEnvironment } = this.#options;
    if (this.#areCandidatesOld) {
      this.#areCandidatesOld = false;
      this.#failed.clear();
      this.#candidates = (await candidates(this.#closing.signal)).slice(0, MAX_CANDIDATES);
    }
    const ranks = new Map<string, number>();
    const wanted: WarmCandidate[] = [];
    for (const candidate of this.#candidates) {
      if (hasEnvironment(candidate.worktree) || !(await directoryExists(candidate.worktree))) continue;
      const rank = ranks.get(candidate.mainCheckout) ?? 0;
      ranks.set(candidate.mainCheckout, rank + 1);
      const config = await readConfig(candidate.worktree).catch(() => null); // told when it is previewed
      if (config && config.isolation.backend.pool > rank) wanted.push(candidate);
    }
    return wanted;
  }

  /** Sees that a candidate has a pod, and that it is one that its environment can use. */
  async #keep(candidate: WarmCandidate): Promise<void> {
    const { worktree } = candidate;
    const held = this.#held.get(worktree);
    const identity = held ?? { environmentId: createEnvironmentId(candidate.title), secret: createSecret() };
    const plan = await this.#plan(candidate, identity).catch(() => null); // told when it is previewed
    if (held && plan && held.isFor(plan.spec, plan.engines.runtime.name)) return;
    if (held) return this.#drop(worktree); // the next look makes another
    const { isBusy, hasEnvironment } = this.#options;
    const hasRoom = this.#free > MEMORY_FLOOR_BYTES + MEMORY_MARGIN_BYTES;
    if (!plan || !hasRoom || this.#failed.has(worktree) || isBusy() || hasEnvironment(worktree)) return;
    if (this.#closing.signal.aborted) return;
    const pod: WarmPod = new WarmPod({
      spec: plan.spec,
      ownDirectory: join(this.#options.paths.own, identity.environmentId),
      runtime: plan.engines.runtime,
      image: plan.project.services[0]?.image,
      onGone: () => void this.#lost(worktree, pod),
    });
    this.#held.set(worktree, pod);
    await pod.ready().catch(() => this.#lost(worktree, pod));
  }

  async #plan(
    candidate: WarmCandidate,
    identity: { environmentId: string; secret: string },
  ): Promise<WarmPlan> {
    const { worktree, mainCheckout } = candidate;
    const { engines: all, paths, hasEgress } = this.#options;
    const { signal } = this.#closing;
    const config = await readConfig(worktree);
    const engines = await all.choose(candidate, config.isolation, signal);
    const project = await detectProject(worktree, config.isolation, mainCheckout);
    requireImages(project.services, engines.runtime.name);
    const { isolation } = await engines.runtime.probe(signal);
    const { mounts } = await findPodMounts({
      ...candidate,
      provider: engines.provider.name,
      ownDirectory: join(paths.own, identity.environmentId),
      plan: project,
      canMount: isolation.files === 'enforced',
    });
    const spec = podSpec({
      record: {
        id: identity.environmentId,
        secret: identity.secret,
        worktree,
        config,
        provider: engines.provider.name,
      },
      paths,
      database: engines.database,
      plan: project,
      mounts,
      handlers: { egress: hasEgress ? (connection) => connection.destroy() : null, onLimit: () => undefined },
    });
    return { engines, project, spec };
  }

  /** A pod that could not be made or ended by itself is not made again and again. */
  async #lost(worktree: string, pod: WarmPod): Promise<void> {
    if (this.#held.get(worktree) !== pod) return; // claimed meanwhile: whoever did so finds out
    this.#failed.add(worktree);
    await this.#drop(worktree);
  }

  async #drop(worktree: string): Promise<void> {
    const pod = this.#held.get(worktree);
    this.#held.delete(worktree);
    await pod
      ?.discard()
      .catch((error) => console.error(`The sandbox kept ready for ${worktree} could not be ended:`, error));
  }

  get #free(): number {
    return (this.#options.freeMemory ?? freemem)();
  }
}

interface WarmPlan {
  engines: Pick<ChosenEngines, 'runtime'>;
  project: ProjectPlan;
  spec: PodSpec;
}
