import { expect, test } from 'vitest';
import { parseConfig } from './read-config.ts';

test('an empty file gives the specification’s defaults', () => {
  const { isolation } = parseConfig('');
  expect(isolation.backend.max_instances).toBe(10);
  expect(isolation.backend.instance_timeout).toBe('30m');
  expect(isolation.backend.resource_limits).toEqual({
    memory_mb: 512,
    cpu_shares: 256,
    disk_mb: 1024,
    pids: 1024,
  });
  expect(isolation.frontend).toMatchObject({ hot_reload: true, auto_save: true, sync_delay_ms: 500 });
  expect(isolation.preview.default_port).toBe(3000);
  expect(isolation.security.sandbox_attributes).toEqual([
    'allow-scripts',
    'allow-same-origin',
    'allow-forms',
  ]);
});

test('an unknown key is named with its line', () => {
  expect(() => parseConfig('isolation:\n  backend:\n    max_instanses: 3\n')).toThrow(
    /line 3: unknown key isolation\.backend\.max_instanses/,
  );
});

test('a wrong value is named with its line and what was expected', () => {
  expect(() => parseConfig('isolation:\n  backend:\n    resource_limits:\n      memory_mb: lots\n')).toThrow(
    /line 4: isolation\.backend\.resource_limits\.memory_mb: .*expected (int|number)/,
  );
});

test('a duration without a unit is refused with examples', () => {
  expect(() => parseConfig('isolation:\n  backend:\n    instance_timeout: "30"\n')).toThrow(
    /line 3: .*such as 30m/,
  );
});

test('a fault inside a list names the line of the item', () => {
  expect(() =>
    parseConfig(
      'isolation:\n  security:\n    sandbox_attributes:\n      - allow-scripts\n      - allow-everything\n',
    ),
  ).toThrow(/line 5: isolation\.security\.sandbox_attributes\.1/);
});

test('broken YAML names the line', () => {
  expect(() => parseConfig('isolation:\n  backend: [1,\n')).toThrow(/line \d/);
});

test('an alias bomb is refused instead of expanded', () => {
  const levels = Array.from(
    { length: 9 },
    (_, i) =>
      `l${i}: &l${i} [${Array(9)
        .fill(i ? `*l${i - 1}` : 'x')
        .join(',')}]`,
  );
  expect(() => parseConfig(levels.join('\n'))).toThrow(/not valid/);
});
