import { mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { NATIVE_HOST_NAME } from '#shared/identifiers.ts';
import {
  type BrowserName,
  type BrowserPlace,
  browserPlaces,
  CHROMIUM_MANIFESTS,
  isFound,
} from './browsers.ts';
import { addRegistryKey, removeRegistryKey } from './windows-registry.ts';
import { wrapperFile, writeWrapper } from './wrapper.ts';

export interface InstallOptions {
  /** State directory: VITRINE_HOME. */
  home: string;
  /** Id of the Chromium-family extension, pinned by its manifest's key. */
  extensionId: string;
  firefoxId: string;
  /** These, found or not; unless told, those found for this user. */
  browsers?: BrowserName[];
  /** Chromium profiles of their own, which look nowhere else. */
  userDataDirs?: string[];
}

export interface Installed {
  /** Manifests written. */
  manifests: string[];
  wrapper: string;
}

const recordSchema = z.object({
  files: z.array(z.string()),
  /** Made by us, innermost first; removed when empty. */
  directories: z.array(z.string()),
  registryKeys: z.array(z.string()),
});
type InstallRecord = z.infer<typeof recordSchema>;

/** Lets browsers start the companion. Writing again replaces what was there and forgets nothing to be removed. */
export async function installNativeHost(options: InstallOptions): Promise<Installed> {
  const record = (await readRecord(options.home)) ?? { files: [], directories: [], registryKeys: [] };
  const wrapper = wrapperFile(options.home);
  await writeWrapper(wrapper);
  noteOnce(record.files, wrapper.path);

  const manifests: string[] = [];
  for (const { family, directory, registryKey } of targets(options)) {
    const path = join(directory, `${NATIVE_HOST_NAME}.json`);
    for (const made of await makeDirectories(directory)) noteOnce(record.directories, made);
    noteOnce(record.files, path);
    // Noted before it is written: nothing is left behind if this process ends in between.
    await writeRecord(options.home, record);
    await writeFile(path, manifestOf(family, wrapper.path, options), { mode: 0o644 });
    if (registryKey) {
      noteOnce(record.registryKeys, registryKey);
      await writeRecord(options.home, record);
      await addRegistryKey(registryKey, path);
    }
    manifests.push(path);
  }
  await writeRecord(options.home, record);
  return { manifests, wrapper: wrapper.path };
}

/** Removes exactly what installs on this state directory wrote. What another one has replaced since stays. */
export async function uninstallNativeHost({ home }: { home: string }): Promise<{ removed: string[] }> {
  const record = await readRecord(home);
  if (!record) return { removed: [] };
  const wrapper = wrapperFile(home).path;
  const removed: string[] = [];
  for (const path of record.files) {
    if (path !== wrapper && !(await isOurs(path, wrapper))) continue;
    await rm(path, { force: true });
    removed.push(path);
  }
  for (const key of record.registryKeys) {
    await removeRegistryKey(key);
    removed.push(key);
  }
  const directories = [...record.directories, dirname(wrapper)];
  for (const directory of directories.sort((a, b) => b.length - a.length)) {
    await rmdir(directory).catch(() => {}); // somebody else put something there
  }
  await rm(recordPath(home), { force: true });
  return { removed };
}

interface Target {
  family: BrowserPlace['family'];
  directory: string;
  registryKey?: string;
}

function targets({ home, browsers, userDataDirs = [] }: InstallOptions): Target[] {
  const wanted = browserPlaces().filter((place) =>
    browsers ? browsers.includes(place.browser) : process.platform === 'win32' || isFound(place),
  );
  const own = userDataDirs.map(
    (directory): Target => ({ family: 'chromium', directory: join(directory, CHROMIUM_MANIFESTS) }),
  );
  const found = wanted.map(({ family, browser, manifests, registryKey }): Target => {
    if (process.platform !== 'win32') return { family, directory: manifests };
    // Windows browsers find manifests through the registry, wherever the files are.
    return {
      family,
      directory: join(home, 'native-messaging', browser),
      registryKey: `HKCU\\${registryKey}\\${NATIVE_HOST_NAME}`,
    };
  });
  return [...found, ...own];
}

function manifestOf(family: BrowserPlace['family'], path: string, options: InstallOptions): string {
  const common = {
    name: NATIVE_HOST_NAME,
    description: 'Finds or starts the Vitrine companion',
    path,
    type: 'stdio',
  };
  const allowed =
    family === 'firefox'
      ? { allowed_extensions: [options.firefoxId] }
      : { allowed_origins: [`chrome-extension://${options.extensionId}/`] };
  return `${JSON.stringify({ ...common, ...allowed }, null, 2)}\n`;
}

/** Creates a directory and returns those of its path that were not there, innermost first. */
async function makeDirectories(directory: string): Promise<string[]> {
  const missing: string[] = [];
  for (let at = directory; !(await exists(at)); at = dirname(at)) missing.push(at);
  await mkdir(directory, { recursive: true });
  return missing;
}

async function isOurs(path: string, wrapper: string): Promise<boolean> {
  try {
    return JSON.parse(await readFile(path, 'utf8')).path === wrapper;
  } catch {
    return false;
  }
}

async function readRecord(home: string): Promise<InstallRecord | null> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(recordPath(home), 'utf8')));
  } catch {
    return null;
  }
}

async function writeRecord(home: string, record: InstallRecord): Promise<void> {
  await writeFile(recordPath(home), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

const recordPath = (home: string) => join(home, 'native-host.json');

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

function noteOnce(list: string[], entry: string): void {
  if (!list.includes(entry)) list.push(entry);
}
