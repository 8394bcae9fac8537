import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The workbench as the companion serves it: one page under `script-src 'self'`, so nothing inline, and all addresses
 * relative. `#shared/*` resolves through package.json's imports.
 */
export default defineConfig({
  root: at('./served'),
  base: './',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: at('../../.output/workbench'),
    emptyOutDir: true,
    target: 'es2023',
    // Inlined files would be data: addresses and, for scripts, inline code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
