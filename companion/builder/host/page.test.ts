import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FramePage } from '#shared/frame/page.ts';
import { assemblePage } from './page.ts';

beforeAll(() => {
  execFileSync(process.execPath, [
    join(import.meta.dirname, '../../../extension/providers/sandpack/build.ts'),
  ]);
});

const page = (html: string, other: Partial<FramePage> = {}) =>
  assemblePage(html, { mode: 'vite', entry: '/e.js', base: '/', vendor: '', session: 's', ...other });

describe('assemblePage', () => {
  it('puts the shim before everything of the app’s own', () => {
    const html = page(
      '<!doctype html><html lang="de"><head class="x"><script>own()</script></head><body></body></html>',
    );
    expect(html.indexOf('shim.js')).toBeGreaterThan(html.indexOf('<head class="x">'));
    expect(html.indexOf('shim.js')).toBeLessThan(html.indexOf('own()'));
    expect(html).toContain('<html lang="de">');
  });

  it('finds its place in a page without a head', () => {
    expect(page('<!doctype html><p>x')).toMatch(/^<!doctype html>[\s\S]*shim\.js[\s\S]*<p>x$/);
    expect(page('<p>x')).toMatch(/shim\.js[\s\S]*<p>x$/);
  });

  it('takes no head that a comment or a script names for the page’s own', () => {
    expect(page('<!doctype html>\n<!-- <head> is below -->\n<html>\n<head lang="de"><p>x')).toMatch(
      /^<!doctype html>\n<!-- <head> is below -->\n<html>\n<head lang="de">\n<script[\s\S]*shim\.js/,
    );
    expect(page('<!doctype html><script>const page = "<head>";</script>')).toMatch(
      /^<!doctype html>\n<script[\s\S]*shim\.js[\s\S]*<script>const page = "<head>";<\/script>$/,
    );
  });

  it('lets no name from the sandbox end the data it is in', () => {
    const html = page('<head></head>', { entry: '</script><script>evil()</script>' });
    expect(html).not.toContain('</script><script>evil()');
  });

  it('loads the bundler where it is needed alone', () => {
    expect(page('<head></head>', { mode: 'raw' })).toContain('/bundler/');
    expect(page('<head></head>')).not.toContain('/bundler/');
    expect(page('<head></head>', { mode: 'static' })).not.toContain('/bundler/');
  });
});
