import { expect, test } from 'vitest';
import { Registry } from './registry.ts';

test('keeps the newest of each kind, the last word about each preview, and a count', async () => {
  const registry = await Registry.open(':memory:');
  const { measurements } = registry;
  for (let at = 0; at < 5_010; at += 1) await measurements.record('hot_reload', at, 1);
  await measurements.record('preview_load', 7, 250.5);
  const reloads = await measurements.measured('hot_reload');
  expect([reloads.length, reloads[0]?.at, reloads.at(-1)?.at]).toEqual([5_000, 10, 5_009]);
  expect(await measurements.measured('preview_load')).toEqual([{ at: 7, durationMs: 250.5 }]);

  await measurements.judge('a', true);
  await measurements.judge('b', true);
  await measurements.judge('a', false);
  await measurements.judge('c', true);
  await measurements.judge('c', null);
  expect((await measurements.verdicts()).map(({ useful }) => useful).toSorted()).toEqual([false, true]);

  expect(await measurements.interactions()).toBe(0);
  await measurements.countInteraction();
  await measurements.countInteraction();
  expect(await measurements.interactions()).toBe(2);
  await registry.close();
});
