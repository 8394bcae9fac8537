import { expect, it } from 'vitest';
import { findViteCall } from './vite-call.ts';

const found = (dev: string, more: Record<string, string> = {}) => {
  const call = findViteCall({ dev, ...more });
  if (!call) throw new Error(`Nothing was found in ${dev}.`);
  const { script: _, ...rest } = call;
  return rest;
};

it('reads what a script tells Vite', () => {
  expect(found('vite')).toEqual({ before: '', env: {} });
  expect(found('vite dev --port 3000 --host --mode=staging --base /y/ -c conf/v.ts client')).toEqual({
    before: '',
    env: {},
    mode: 'staging',
    base: '/y/',
    configFile: 'conf/v.ts',
    root: 'client',
  });
  expect(found('vite --open /admin --force ./web')).toMatchObject({ root: './web' });
});

it('reads the variables that a line sets', () => {
  expect(found(`cross-env A=1 B="two words" vite --mode dev`).env).toEqual({ A: '1', B: 'two words' });
  expect(found('NODE_OPTIONS=--max-old-space-size=99 vite').env).toEqual({
    NODE_OPTIONS: '--max-old-space-size=99',
  });
});

it('sees through what runs it', () => {
  for (const line of [
    'npx vite --mode a',
    'pnpm exec vite --mode a',
    'bunx --bun vite --mode a',
    'node --inspect node_modules/vite/bin/vite.js --mode a',
    'concurrently -k "vite --mode a" "node api.js"',
    `run-s x && vite --mode a`,
  ])
    expect(found(line), line).toMatchObject({ mode: 'a' });
});

it('tells what has to run before', () => {
  expect(found('node gen.js && vite').before).toBe('node gen.js');
  expect(found('vite', { predev: 'node gen.js' }).before).toBe('node gen.js');
});

it('takes a dev script before others, and nothing that is no dev server', () => {
  expect(findViteCall({ client: 'vite --mode b', start: 'vite --mode a' })).toMatchObject({ mode: 'a' });
  expect(findViteCall({ dev: 'concurrently npm:client npm:api', client: 'vite' })?.script).toBe('client');
  expect(findViteCall({ build: 'tsc && vite build', test: 'vitest', start: 'vite preview' })).toBeNull();
  expect(findViteCall({ dev: 'node server.js', other: 'echo vite' })).toBeNull();
});
