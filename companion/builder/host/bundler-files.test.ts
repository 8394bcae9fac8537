import { describe, expect, it } from 'vitest';
import { BUNDLER_SCRIPTS, bundlerFile, checkBundler } from './bundler-files.ts';

describe('the served bundler', () => {
  it('is the one that is known', async () => {
    await expect(checkBundler()).resolves.toBeUndefined();
  });

  it('asks no remote host for packages and tells none about itself', async () => {
    const text = (await Promise.all(BUNDLER_SCRIPTS.map(bundlerFile))).join('\n');
    const hosts = [...text.matchAll(/https:\/\/([\w.-]+)/g)].map(([, host]) => host ?? '');
    const asked = /packager-packages|execute-api|jsdelivr|unpkg|csbops|api\.github/;
    expect(hosts.filter((host) => asked.test(host))).toEqual([]);
  });

  it('listens to no window and keeps nothing in the app’s storage', async () => {
    const shared = String(await bundlerFile(BUNDLER_SCRIPTS[2] ?? ''));
    expect(/(?:window|self)\.addEventListener\("message",[_j]\)/.test(shared)).toBe(false);
    expect(shared.includes('window.parent.postMessage(t')).toBe(false);
    const main = String(await bundlerFile(BUNDLER_SCRIPTS[3] ?? ''));
    expect(main.includes('"running"')).toBe(false);
  });

  it('loads its own parts from where it is served', async () => {
    for (const worker of ['babel-transpiler.dc3397b1.worker.js', 'sass-transpiler.d0a9e805.worker.js']) {
      const text = String(await bundlerFile(worker));
      expect(text.includes('"/static/')).toBe(false);
    }
  });

  it('has no files but its own', async () => {
    for (const path of ['../package.json', 'static/../../package.json', '/etc/passwd', 'nothing.js']) {
      expect(await bundlerFile(path)).toBeNull();
    }
  });
});
