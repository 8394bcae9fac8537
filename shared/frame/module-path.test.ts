import { describe, expect, it } from 'vitest';
import { modulePath } from './module-path.ts';

describe('modulePath', () => {
  it('keeps the path of a script, so that stacks and the debugger name it', () => {
    expect(modulePath('/src/app.tsx')).toBe('/src/app.tsx');
  });

  it('is the same with and without Vite’s bookkeeping', () => {
    for (const url of ['/src/a.ts?t=1795458838837', '/src/a.ts?import', '/src/a.ts?v=12ab&t=1']) {
      expect(modulePath(url)).toBe('/src/a.ts');
    }
  });

  it('gives what is no script a script’s extension, and keeps queries that make another module', () => {
    expect(modulePath('/src/a.css')).toBe('/src/a.css.js');
    expect(modulePath('/src/a.svg?import&raw')).not.toBe(modulePath('/src/a.svg?import'));
    expect(modulePath('/src/a.vue?vue&type=style&index=0&lang.css')).toBe(
      '/src/a.vue@vue_26type_3dstyle_26index_3d0_26lang.css.js',
    );
  });

  it('stays out of the bundler’s own node_modules and of its loader syntax', () => {
    expect(modulePath('/node_modules/x/y.css')).toBe('/~modules/x/y.css.js');
    expect(modulePath('/@id/__x00__virtual:a!b')).not.toMatch(/[!:]/);
  });
});
