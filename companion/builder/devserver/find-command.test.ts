import { describe, expect, it } from 'vitest';
import { findCommand } from './find-command.ts';

const place = { port: 4_173, origin: new URL('http://blue.localhost:9000') };
const packageJson = (packages: string[], scripts: Record<string, string> = {}) => ({
  scripts,
  dependencies: Object.fromEntries(packages.map((name) => [name, '*'])),
  devDependencies: {},
  engines: {},
});
const lineOf = (packages: string[], scripts?: Record<string, string>) =>
  findCommand(packageJson(packages, scripts)).line(place);

describe('findCommand', () => {
  it('takes the configuration’s command as it is', () => {
    const found = findCommand(packageJson(['next'], { dev: 'next dev' }), ['make', 'dev']);
    expect(found.line(place)).toEqual(['make', 'dev']);
    expect(found.reason).toBe('isolation.frontend.command');
    expect(found.framework?.name).toBe('Next');
  });

  it('tells each framework where to listen in its own words', () => {
    const where = '--port 4173 --host 127.0.0.1';
    expect(lineOf(['next', 'react'], { dev: 'next dev --turbopack' })).toBe(
      'next dev --turbopack --port 4173 --hostname 127.0.0.1',
    );
    expect(lineOf(['nuxt'], { dev: 'nuxt dev' })).toBe(`nuxt dev ${where}`);
    expect(lineOf(['astro', 'vite'], { dev: 'astro dev' })).toBe(`astro dev ${where}`);
    expect(lineOf(['@sveltejs/kit', 'vite'], { dev: 'vite dev' })).toBe(`vite dev ${where}`);
    expect(lineOf(['@react-router/dev', 'vite'], { dev: 'react-router dev' })).toBe(
      `react-router dev ${where}`,
    );
    expect(lineOf(['@angular/cli'], { start: 'ng serve' })).toBe(`ng serve ${where}`);
    expect(lineOf(['react-scripts'], { start: 'react-scripts start' })).toBe('react-scripts start');
    expect(lineOf(['@vue/cli-service'], { serve: 'vue-cli-service serve --public a.example' })).toBe(
      `vue-cli-service serve ${where}`,
    );
    expect(lineOf(['webpack-dev-server'], { start: 'webpack serve --open' })).toContain(
      '--client-web-socket-url auto://0.0.0.0:0/ws',
    );
    expect(lineOf(['parcel'], { start: 'parcel src/index.html' })).toBe(
      'parcel src/index.html --port 4173 --hmr-host blue.localhost',
    );
    expect(lineOf(['vite'])).toBe(`vite ${where}`);
  });

  it('takes the place of ports and hosts that the script names', () => {
    expect(lineOf(['next'], { dev: 'PORT=1 next dev -p 3000 -H 0.0.0.0 --turbopack' })).toBe(
      'PORT=1 next dev --turbopack --port 4173 --hostname 127.0.0.1',
    );
    expect(lineOf(['vite'], { dev: 'vite --host --port=80 --mode e2e' })).toBe(
      'vite --mode e2e --port 4173 --host 127.0.0.1',
    );
  });

  it('runs what comes before, and speaks to the last command only', () => {
    expect(lineOf(['next'], { predev: 'node gen.js', dev: 'prisma generate && next dev' })).toBe(
      'node gen.js && prisma generate && next dev --port 4173 --hostname 127.0.0.1',
    );
  });

  it('leaves alone what it cannot be sure of', () => {
    const dev = 'concurrently "vite --port 1" "tailwindcss --watch"';
    expect(lineOf(['vite'], { dev })).toBe(dev);
    expect(lineOf(['vite'], { dev: 'vite | tee log' })).toBe('vite | tee log');
    expect(lineOf([], { dev: 'node serve.js' })).toBe('node serve.js');
    expect(lineOf(['vike', 'vite'], { dev: 'vite dev' })).toBe('vite dev');
    expect(lineOf(['vike', 'vite'], { dev: 'vike dev' })).toBe('vike dev --port 4173 --host 127.0.0.1');
  });

  it('prefers the script that calls the framework, and no build or start of the finished app', () => {
    expect(lineOf(['next'], { start: 'next start', dev: 'next dev' })).toMatch(/^next dev /);
    expect(lineOf(['next'], { start: 'next dev', dev: 'tsc -w' })).toMatch(/^next dev /);
  });

  it('takes a script of another name that calls the framework, where there is none of the usual ones', () => {
    const where = '--port 4173 --host 127.0.0.1';
    const docs = { 'docs:build': 'vitepress build docs', 'docs:dev': 'vitepress dev docs' };
    expect(lineOf(['vitepress'], docs)).toBe(`vitepress dev docs ${where}`);
    expect(lineOf(['vitepress'], { ...docs, dev: 'node dev.js' })).toBe('node dev.js');
    expect(() => findCommand(packageJson([], { 'docs:dev': 'made dev' }))).toThrow('No command');
  });

  it('shows a Storybook where there is nothing else', () => {
    const stories = { storybook: 'storybook dev -p 6006' };
    expect(lineOf(['storybook', 'vite'], stories)).toBe('storybook dev --port 4173 --host 127.0.0.1 --ci');
    expect(lineOf(['storybook', 'vite'], { ...stories, dev: 'vite' })).toMatch(/^vite /);
    expect(lineOf(['storybook', 'next'], { ...stories, dev: 'node server.js' })).toBe('node server.js');
  });

  it('leaves the backend that a script starts beside the frontend to its own service', () => {
    const dev = 'concurrently "ng serve --port 1" "node api.js"';
    expect(lineOf(['@angular/cli', '@angular/core'], { dev })).toBe('ng serve --port 4173 --host 127.0.0.1');
  });

  it('says what to set where there is nothing to run', () => {
    expect(() => findCommand(packageJson(['left-pad']))).toThrow(
      expect.objectContaining({ code: 'DEVSERVER_COMMAND_MISSING' }),
    );
    expect(() => findCommand(null)).toThrow(expect.objectContaining({ status: 422 }));
  });
});
