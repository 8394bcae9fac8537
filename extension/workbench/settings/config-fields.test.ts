import { expect, test } from 'vitest';
import { boundsOf, editsOf } from './config-fields.ts';

const values = {
  'isolation.backend.resource_limits.memory_mb': 512,
  'isolation.backend.allow': ['a.example', 'b.example'],
  'isolation.frontend.hot_reload': true,
};

test('tells what differs from the file; an emptied field takes its key out', () => {
  const { edits, invalid } = editsOf(
    {
      'isolation.backend.resource_limits.memory_mb': ' 512 ',
      'isolation.backend.resource_limits.pids': '',
      'isolation.backend.allow': 'a.example\n\n  c.example:8443\na.example',
      'isolation.frontend.hot_reload': '',
      'isolation.provider': 'devserver',
    },
    values,
  );
  expect(edits).toEqual({
    'isolation.backend.allow': ['a.example', 'c.example:8443'],
    'isolation.frontend.hot_reload': null,
    'isolation.provider': 'devserver',
  });
  expect(invalid.size).toBe(0);
});

test('names the fields that hold what no file may', () => {
  const { edits, invalid } = editsOf(
    {
      'isolation.backend.resource_limits.memory_mb': '1',
      'isolation.backend.max_instances': 'many',
      'isolation.backend.instance_timeout': 'soon',
    },
    values,
  );
  expect(edits).toEqual({});
  expect([...invalid]).toEqual([
    'isolation.backend.resource_limits.memory_mb',
    'isolation.backend.max_instances',
    'isolation.backend.instance_timeout',
  ]);
});

test('knows between what a number has to be', () => {
  expect(boundsOf('isolation.backend.resource_limits.memory_mb')).toEqual({ least: 32 });
  expect(boundsOf('isolation.frontend.sync_delay_ms')).toEqual({ least: 0, most: 60_000 });
});
