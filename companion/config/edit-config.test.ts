import { describe, expect, test } from 'vitest';
import { editableDefaults, editableValues, editConfig } from './edit-config.ts';

const FILE = `# Ours, do not touch
isolation:
    provider: 'sandpack' # for now

    backend:
        # measured
        resource_limits: {memory_mb: 256, pids: 64}   # enough
        command:   npm run    server
        allow:
        - example.org   # rates
        - "*.example.com"
        env: &shared
            A: "1"
    frontend:
        env: *shared
        hot_reload: yes
`.replace('yes', 'true');

describe('editConfig', () => {
  test('changes values in their place and leaves every other byte', () => {
    const after = editConfig(FILE, {
      'isolation.provider': 'devserver',
      'isolation.backend.resource_limits.memory_mb': 1_024,
      'isolation.frontend.hot_reload': false,
    });
    expect(after).toBe(
      FILE.replace("'sandpack'", 'devserver')
        .replace('256', '1024')
        .replace('hot_reload: true', 'hot_reload: false'),
    );
  });

  test('adds keys in the manner of the file and takes them out again, to the byte', () => {
    const after = editConfig(FILE, {
      'isolation.backend.egress': 'allowlist',
      'isolation.backend.max_instances': 3,
      'isolation.frontend.sync_delay_ms': 250,
    });
    const anchor = '            A: "1"\n';
    expect(after).toBe(
      `${FILE.replace(anchor, `${anchor}        max_instances: 3\n        egress: allowlist\n`)}        sync_delay_ms: 250\n`,
    );
    expect(
      editConfig(after, {
        'isolation.backend.egress': null,
        'isolation.backend.max_instances': null,
        'isolation.frontend.sync_delay_ms': null,
      }),
    ).toBe(FILE);
  });

  test('adds to a mapping in braces, with every comment kept', () => {
    const after = editConfig(FILE, { 'isolation.backend.resource_limits.disk_mb': 64 });
    expect(after).toContain('{memory_mb: 256, pids: 64, disk_mb: 64}');
    for (const kept of [
      '# Ours, do not touch',
      '# for now',
      '# measured',
      '# enough',
      '# rates',
      '&shared',
      '*shared',
    ])
      expect(after).toContain(kept);
  });

  test('replaces a list, and writes a file that was not there', () => {
    expect(editConfig(FILE, { 'isolation.backend.allow': ['one.example:8443', '*'] })).toBe(
      FILE.replace('- example.org   # rates\n        - "*.example.com"', '- one.example:8443\n        - "*"'),
    );
    const made = editConfig('', {
      'isolation.backend.resource_limits.memory_mb': 700,
      'isolation.backend.allow': ['a.example'],
    });
    expect(made).toBe(
      'isolation:\n  backend:\n    resource_limits:\n      memory_mb: 700\n    allow:\n      - a.example\n',
    );
    expect(
      editConfig(made, {
        'isolation.backend.resource_limits.memory_mb': null,
        'isolation.backend.allow': null,
      }),
    ).toBe('');
  });

  test('keeps line endings, a byte order mark and a missing last line break', () => {
    const odd = '\uFEFFisolation:\r\n  provider: sandpack\r\n  backend:\r\n    pool: 0';
    expect(editConfig(odd, { 'isolation.provider': 'devserver' })).toBe(odd.replace('sandpack', 'devserver'));
    expect(editConfig(odd, { 'isolation.backend.max_instances': 3 })).toBe(`${odd}\r\n    max_instances: 3`);
  });

  test('says where an alias is in the way', () => {
    const aliased =
      'isolation:\n  backend:\n    resource_limits: &small { pids: 64 }\n    services:\n      web: { command: x, env: {} }\n';
    expect(editConfig(aliased, { 'isolation.backend.resource_limits.pids': 32 })).toBe(
      aliased.replace('64', '32'),
    );
    const through = 'isolation:\n  frontend: { env: &none {} }\n  backend:\n    resource_limits: *none\n';
    expect(() => editConfig(through, { 'isolation.backend.resource_limits.pids': 32 })).toThrow(
      /resource_limits\.pids/,
    );
  });

  test('refuses what is not valid, before and after', () => {
    expect(() => editConfig('isolation: [', {})).toThrow(/not valid/);
    expect(() => editConfig('isolation: {unknown: 1}', { 'isolation.provider': 'sandpack' })).toThrow(
      /unknown key/,
    );
  });

  test('text that looks like something else is quoted', () => {
    const after = editConfig('', { 'isolation.backend.allow': ['*.example.org', 'yes', '# no'] });
    expect(editableValues(after)['isolation.backend.allow']).toEqual(['*.example.org', 'yes', '# no']);
  });
});

test('tells what the file says and what holds without it', () => {
  expect(editableValues(FILE)).toEqual({
    'isolation.provider': 'sandpack',
    'isolation.backend.resource_limits.memory_mb': 256,
    'isolation.backend.resource_limits.pids': 64,
    'isolation.backend.allow': ['example.org', '*.example.com'],
    'isolation.frontend.hot_reload': true,
  });
  expect(editableValues('')).toEqual({});
  expect(editableDefaults()).toMatchObject({
    'isolation.backend.runtime': 'auto',
    'isolation.backend.max_instances': 10,
    'isolation.backend.resource_limits.memory_mb': 512,
  });
});
