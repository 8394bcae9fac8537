import { expect, test } from 'vitest';
import { isBackendSource, reloadsItself } from './backend-sources.ts';

test.each([
  ['/w/server.js', '/w', '/w', true],
  ['/w/server/routes/notes.ts', '/w', '/w', true],
  ['/w/src/App.tsx', '/w', '/w', false],
  ['/w/src/api.ts', '/w', '/w', false],
  ['/w/vite.config.ts', '/w', '/w', false],
  ['/w/README.md', '/w', '/w', false],
  ['/w/apps/api/src/index.ts', '/w/apps/api', '/w/apps/web', true],
  ['/w/apps/web/src/index.ts', '/w/apps/api', '/w/apps/web', false],
  ['/w/client/src/index.ts', '/w', '/w/client', false],
  ['/w/lib/db.ts', '/w', '/w/client', true],
])('%s (backend in %s, frontend in %s): %s', (path, cwd, frontend, expected) => {
  expect(isBackendSource(path, cwd, frontend)).toBe(expected);
});

test('a command that watches by itself is left to it', () => {
  expect(reloadsItself('node --watch server.js')).toBe(true);
  expect(reloadsItself(['tsx', 'watch', 'a.ts'])).toBe(true);
  expect(reloadsItself('node server.js')).toBe(false);
});
