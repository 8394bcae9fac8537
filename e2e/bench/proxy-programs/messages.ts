import { z } from 'zod';

/** What the programs of the proxy's benchmark say to the one that started them. */
export const listeningSchema = z.object({ port: z.number() });

export const usageSchema = z.object({
  /** Processor time since it was asked last, milliseconds. */
  cpuMs: z.number(),
  /** Bytes, after a collection. */
  heap: z.number(),
  rss: z.number(),
});
export type Usage = z.infer<typeof usageSchema>;

export const loadSchema = z.object({
  requests: z.number(),
  seconds: z.number(),
  medianMs: z.number(),
});
export type Load = z.infer<typeof loadSchema>;

/** Tells the starter where this program listens, and its usage whenever it is asked. */
export function reportTo(port: number): void {
  let cpu = process.cpuUsage();
  process.on('message', () => {
    globalThis.gc?.();
    const used = process.cpuUsage(cpu);
    cpu = process.cpuUsage();
    const { heapUsed, external, rss } = process.memoryUsage();
    process.send?.({ cpuMs: (used.user + used.system) / 1_000, heap: heapUsed + external, rss });
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ port });
}
