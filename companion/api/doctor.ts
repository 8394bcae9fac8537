import { z } from 'zod';
import { isolationSchema } from '#shared/api/environment.ts';
import { runtimeNameSchema } from '#shared/identifiers.ts';
import type { Engines } from '../environments/engines.ts';

const PROBE_DEADLINE_MS = 10_000;

export const diagnosisSchema = z.object({
  home: z.string(),
  node: z.string(),
  platform: z.string(),
  runtimes: z.array(
    z.object({
      name: runtimeNameSchema,
      available: z.boolean(),
      detail: z.string(),
      isolation: isolationSchema,
      /** How each limit is kept here, or why it is not. */
      limits: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
export type Diagnosis = z.infer<typeof diagnosisSchema>;

/** Looks, changes nothing: what works on this machine and what each runtime keeps apart. */
export async function diagnose(engines: Engines, home: string): Promise<Diagnosis> {
  const probed = engines.runtimes.map(async (runtime) => ({
    name: runtime.name,
    ...(await runtime.probe(AbortSignal.timeout(PROBE_DEADLINE_MS))),
  }));
  return {
    home,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    runtimes: await Promise.all(probed),
  };
}
