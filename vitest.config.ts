import { defineConfig } from 'vitest/config';

/** Tests that need a real browser or a real container engine: part of the end-to-end run wherever they live. */
const NEEDS_MACHINE = ['{shared,companion,extension}/**/*.{browser,docker}.test.{ts,tsx}'];

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{shared,companion,extension}/**/*.test.{ts,tsx}', 'e2e/{setup,board}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/fixtures/**', 'companion/demo/sample/**', ...NEEDS_MACHINE],
          testTimeout: 15_000,
          hookTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/{scenarios,attacks,chaos}/**/*.test.ts', ...NEEDS_MACHINE],
          exclude: ['**/node_modules/**', '**/fixtures/**'],
          // One display, one board cache, two cores: one file at a time, and a failure is a failure.
          fileParallelism: false,
          retry: 0,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
