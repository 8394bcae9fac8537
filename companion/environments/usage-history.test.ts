import { expect, test, vi } from 'vitest';
import { PlainPod } from '../builder/testing/plain-pod.ts';
import type { PodUsage } from '../runtimes/runtime.ts';
import { UsageHistory } from './usage-history.ts';

/** A pod that says what it is told to. */
function podThatUses(values: (PodUsage | null)[]): PlainPod {
  const pod = new PlainPod();
  vi.spyOn(pod, 'usage').mockImplementation(async () => (values.shift() ?? null) as never);
  return pod;
}
const usage = (cpuMs: number): PodUsage => ({ memoryBytes: 1_000, cpuMs, processes: 2 });

test('processor time and traffic become shares of the time between two looks, and a new pod starts anew', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const history = new UsageHistory();
    const pod = podThatUses([usage(0), usage(500), null]);
    expect(await history.sample(pod, 1_000)).toBeNull();
    vi.setSystemTime(Date.now() + 1_000);
    expect(await history.sample(pod, 4_000)).toMatchObject({
      cpuPercent: 50,
      memoryBytes: 1_000,
      processes: 2,
      networkBytesPerSecond: 3_000,
    });
    expect(await history.sample(pod, 5_000)).toBeNull();
    expect(await history.sample(podThatUses([usage(0)]), 5_000)).toBeNull();
    expect(history.list()).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});
