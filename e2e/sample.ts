import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSample, type Sample, type SampleAttempt } from '../companion/demo/create-sample.ts';
import type { Lifetime } from './lifetime.ts';

/** Notes the sample's template database holds. */
export const SEEDED_NOTES = 3;

/** Headings of the two attempts, as committed. */
export const HEADINGS = {
  'warm-cards': 'Harbour Café, by candlelight',
  'night-timeline': 'Harbour Café after dark',
};

export interface TestSample extends Sample {
  attempt(overlay: keyof typeof HEADINGS): SampleAttempt;
}

/** The sample in a directory that goes with the lifetime. */
export async function makeSample(
  lifetime: Lifetime,
  options: { attempts?: boolean } = {},
): Promise<TestSample> {
  const directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-sample-')), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  const sample = await createSample({ repository: join(directory, 'guestbook'), ...options });
  return {
    ...sample,
    attempt(overlay) {
      const found = sample.attempts.find((candidate) => candidate.overlay === overlay);
      if (!found) throw new Error(`The sample has no attempt ${overlay}`);
      return found;
    },
  };
}
