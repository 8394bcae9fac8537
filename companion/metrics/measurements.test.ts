import { expect, test } from 'vitest';
import type { ChannelEvent } from '#shared/realtime/channels.ts';
import { Registry } from '../storage/registry.ts';
import { Measurements } from './measurements.ts';
import { Prometheus } from './prometheus.ts';

const event = (type: string, at: number): ChannelEvent => ({
  channel: 'state',
  data: { type: 'event', event: { type, at } },
});
const painted = (durationMs: number): ChannelEvent => ({
  channel: 'preview',
  data: { type: 'painted', durationMs, frameId: 'f' },
});

async function setUp() {
  const registry = await Registry.open(':memory:');
  const environment = {
    id: 'cart-1a',
    record: { status: 'running' as const },
    network: { bytes: 12, traffic: 34 },
    usage: { now: async () => ({ memoryBytes: 1_000, cpuMs: 2_500, processes: 3 }) },
  };
  const asleep = {
    ...environment,
    id: 'login-2b',
    record: { status: 'suspended' as const },
    usage: { now: async () => null },
  };
  const prometheus = new Prometheus(() => [environment, asleep], registry.measurements);
  return { registry, prometheus, measurements: new Measurements(registry.measurements, prometheus) };
}

test('tells starts, failures, loads and what sandboxes use in the format of Prometheus', async () => {
  const { registry, prometheus, measurements } = await setUp();
  measurements.take('a', event('initializing', 1_000));
  measurements.take('a', event('running', 1_400));
  measurements.take('a', event('suspended', 2_000));
  measurements.take('a', event('running', 9_000));
  measurements.take('b', event('initializing', 1_000));
  measurements.take('b', event('failed', 1_100));
  measurements.take('a', painted(300));
  measurements.take('a', { channel: 'preview', data: { type: 'hot_update', revision: 1, durationMs: 90 } });
  await registry.measurements.countInteraction();
  await registry.measurements.judge('a', false);
  const lines = (await prometheus.text()).split('\n');
  for (const line of [
    'vitrine_environment_start_seconds_count 1',
    'vitrine_environment_start_seconds_sum 0.4',
    'vitrine_environment_failures_total 1',
    'vitrine_preview_load_seconds_bucket{le="0.35"} 1',
    'vitrine_hot_reload_seconds_bucket{le="0.05"} 0',
    'vitrine_hot_reload_seconds_bucket{le="0.1"} 1',
    'vitrine_environments{status="suspended"} 1',
    'vitrine_environments{status="failed"} 0',
    'vitrine_environment_cpu_seconds{environment="cart-1a"} 2.5',
    'vitrine_environment_memory_bytes{environment="cart-1a"} 1000',
    'vitrine_interactions_total 1',
    'vitrine_verdicts{useful="true"} 0',
    'vitrine_verdicts{useful="false"} 1',
    'vitrine_environment_network_log_bytes{environment="login-2b"} 12',
    'vitrine_environment_network_bytes_total{environment="login-2b"} 34',
  ])
    expect(lines).toContain(line);
  expect(lines.filter((line) => line.startsWith('vitrine_environment_memory_bytes{'))).toHaveLength(1);
  expect(await registry.measurements.measured('hot_reload')).toEqual([
    { at: expect.any(Number), durationMs: 90 },
  ]);
  await registry.close();
});

test('does not believe what no page can have measured, and keeps a flood out', async () => {
  const { registry, measurements } = await setUp();
  for (const durationMs of [-1, Number.NaN, Number.POSITIVE_INFINITY, 1e12])
    measurements.take('a', painted(durationMs));
  expect(await registry.measurements.measured('preview_load')).toEqual([]);
  for (let count = 0; count < 1_000; count += 1) measurements.take('a', painted(5));
  const kept = await registry.measurements.measured('preview_load');
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(100);
  await registry.close();
});
