import { z } from 'zod';
import type { PodUsage } from '../runtime.ts';
import type { Engine } from './engine.ts';

const NS_PER_MS = 1_000_000;

/** What is read of the engine's statistics; a container that just ended has empty ones. */
const statsSchema = z.object({
  memory_stats: z
    .object({ usage: z.number().default(0), stats: z.record(z.string(), z.number()).default({}) })
    .prefault({}),
  cpu_stats: z
    .object({ cpu_usage: z.object({ total_usage: z.number().default(0) }).prefault({}) })
    .prefault({}),
  pids_stats: z.object({ current: z.number().default(0) }).prefault({}),
});

/** What one container uses at this moment; null when it ended meanwhile. */
export async function containerUsage(
  engine: Engine,
  id: string,
  signal?: AbortSignal,
): Promise<PodUsage | null> {
  try {
    const answer = await engine.call(
      'measure a container',
      // One look, without the second one a second later that a percentage would need.
      engine.docker.getContainer(id).stats({ stream: false, 'one-shot': true }),
    );
    const { memory_stats: memory, cpu_stats: cpu, pids_stats: pids } = statsSchema.parse(answer);
    // Files that were read count as use until somebody else needs the memory.
    const cache = memory.stats.total_inactive_file ?? memory.stats.inactive_file ?? 0;
    return {
      memoryBytes: Math.max(0, memory.usage - cache),
      cpuMs: cpu.cpu_usage.total_usage / NS_PER_MS,
      processes: pids.current,
    };
  } catch {
    signal?.throwIfAborted();
    return null;
  }
}

/** Adds up containers, and keeps what those that ended had used when they were last looked at. */
export class UsageSum {
  readonly #cpuMs = new Map<string, number>();

  add(containers: { id: string; usage: PodUsage | null }[]): PodUsage {
    const total: PodUsage = { memoryBytes: 0, cpuMs: 0, processes: 0 };
    for (const { id, usage } of containers) {
      if (!usage) continue;
      total.memoryBytes += usage.memoryBytes;
      total.processes += usage.processes;
      this.#cpuMs.set(id, Math.max(usage.cpuMs, this.#cpuMs.get(id) ?? 0));
    }
    for (const cpuMs of this.#cpuMs.values()) total.cpuMs += cpuMs;
    return total;
  }
}
