import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { browserPlaces } from './browsers.ts';
import { encodeFrame } from './framing.ts';
import { installNativeHost, uninstallNativeHost } from './manifests.ts';
import { wrapperFile } from './wrapper.ts';

const IDS = { extensionId: 'aaelekdallhfiejiojnidemcfbilgfeh', firefoxId: 'vitrine@vitrine.dev' };
let user: string;
let home: string;

beforeEach(async () => {
  const base = await mkdtemp(join(tmpdir(), 'vitrine-user-'));
  user = join(base, 'user with space');
  home = join(base, "state of '$USER'");
  await mkdir(user);
  vi.stubEnv('HOME', user);
  vi.stubEnv('XDG_CONFIG_HOME', '');
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(base, { recursive: true, force: true });
  });
});

/** All files below a directory, relative to it. */
const filesBelow = async (directory: string) =>
  (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();

test('each browser that ran for this user gets its manifest, others get none', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  await mkdir(join(user, '.config/google-chrome'), { recursive: true });
  await mkdir(join(user, '.mozilla'));
  const { manifests, wrapper } = await installNativeHost({ home, ...IDS });
  expect(await filesBelow(user)).toEqual([
    '.config/google-chrome/NativeMessagingHosts/com.vitrine.companion.json',
    '.mozilla/native-messaging-hosts/com.vitrine.companion.json',
  ]);
  const [chrome, firefox] = await Promise.all(
    manifests.map(async (path) => JSON.parse(await readFile(path, 'utf8'))),
  );
  const common = { name: 'com.vitrine.companion', path: wrapper, type: 'stdio' };
  expect(chrome).toMatchObject({ ...common, allowed_origins: [`chrome-extension://${IDS.extensionId}/`] });
  expect(firefox).toMatchObject({ ...common, allowed_extensions: [IDS.firefoxId] });
  expect(chrome.allowed_extensions).toBeUndefined();
  expect((await stat(wrapper)).mode & 0o777).toBe(0o700);
});

test('a browser that never ran is found by its program', async () => {
  const bin = join(user, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'brave-browser'), '');
  vi.stubEnv('PATH', bin);
  const { manifests } = await installNativeHost({ home, ...IDS });
  expect(manifests).toEqual([
    join(user, '.config/BraveSoftware/Brave-Browser/NativeMessagingHosts/com.vitrine.companion.json'),
  ]);
});

test('uninstall removes exactly what was written', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  await mkdir(join(user, '.mozilla'));
  await mkdir(join(user, '.config/chromium/NativeMessagingHosts'), { recursive: true });
  await writeFile(join(user, '.config/chromium/NativeMessagingHosts/other.json'), '{}');
  const profile = join(user, 'profile');
  await installNativeHost({ home, ...IDS, browsers: ['chromium', 'firefox'], userDataDirs: [profile] });
  await installNativeHost({ home, ...IDS, browsers: ['edge'] });
  const { removed } = await uninstallNativeHost({ home });
  expect(removed).toHaveLength(5);
  expect(await filesBelow(user)).toEqual(['.config/chromium/NativeMessagingHosts/other.json']);
  expect((await readdir(user)).sort()).toEqual(['.config', '.mozilla']);
  expect(await readdir(join(user, '.config'))).toEqual(['chromium']);
  expect(await readdir(join(user, '.mozilla'))).toEqual([]);
  expect(await readdir(home)).toEqual([]);
  expect(await uninstallNativeHost({ home })).toEqual({ removed: [] });
});

test('a manifest that another state directory has taken over since stays', async () => {
  await installNativeHost({ home, ...IDS, browsers: ['chromium'] });
  const other = join(home, '../other');
  const { manifests, wrapper } = await installNativeHost({ home: other, ...IDS, browsers: ['chromium'] });
  await uninstallNativeHost({ home });
  expect(JSON.parse(await readFile(manifests[0] ?? '', 'utf8')).path).toBe(wrapper);
  await uninstallNativeHost({ home: other });
  expect(await filesBelow(user)).toEqual([]);
});

test('the wrapper pins Node, state directory and PATH, whatever characters they have', async () => {
  vi.stubEnv('PATH', `/usr/bin:/bin:/it's "here" $(touch x) \`y\``);
  const { wrapper } = await installNativeHost({ home, ...IDS, browsers: [] });
  const script = await readFile(wrapper, 'utf8');
  // The same lines, but for the last, which would start the host.
  const shown = script.replace(/^exec .*$/m, `printf '%s\\n' "$VITRINE_HOME" "$PATH"`);
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', shown], { env: {} });
  expect(stdout.split('\n')).toEqual([home, process.env.PATH, '']);
  expect(script).toContain(`exec '${process.execPath}' '`);
});

test('the wrapper starts the host, which answers and ends', async () => {
  const { wrapper } = await installNativeHost({ home, ...IDS, browsers: [] });
  const host = spawn(wrapper, ['chrome-extension://x/'], { env: {} });
  host.stdin.end(encodeFrame({ type: 'nonsense' }));
  const answer = await buffer(host.stdout);
  expect(answer.toString('utf8', 4)).toContain('NATIVE_REQUEST_INVALID');
});

test('macOS and Windows have their own places', () => {
  const mac = browserPlaces('/Users/me', 'darwin', {}).map(({ manifests }) => manifests);
  expect(mac).toContain('/Users/me/Library/Application Support/Google/Chrome/NativeMessagingHosts');
  expect(mac).toContain('/Users/me/Library/Application Support/Mozilla/NativeMessagingHosts');
  const keys = browserPlaces('C:\\me', 'win32', {}).map(({ registryKey }) => registryKey);
  expect(keys).toContain('Software\\Microsoft\\Edge\\NativeMessagingHosts');
  const batch = wrapperFile('C:\\100% mine', 'win32');
  expect(batch.path).toMatch(/\.bat$/);
  expect(batch.content).toContain('set "VITRINE_HOME=C:\\100%% mine"');
});
