import { expect, it } from 'vitest';
import { VendorEntries } from './entries.ts';

it('keys are the same in every worktree of a project, wherever its packages are', () => {
  const [first, second] = ['/work/a', '/work/b'].map((root) => {
    const entries = new VendorEntries(root);
    return entries.add(`${root}/node_modules/react/index.js`);
  });
  const linked = new VendorEntries('/work/c').add('/work/main/node_modules/react/index.js');
  expect([first, second, linked]).toEqual(['react/index.js', 'react/index.js', 'react/index.js']);
});

it('two places with the same package have two keys', () => {
  const entries = new VendorEntries('/repo');
  const keys = [
    '/repo/node_modules/a/i.js',
    '/repo/apps/web/node_modules/a/i.js',
    '/elsewhere/node_modules/a/i.js',
  ].map((file) => entries.add(file));
  expect(new Set(keys).size).toBe(3);
  expect(entries.list().map(([, file]) => file)).toHaveLength(3);
});
