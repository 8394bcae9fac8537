import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** An installation from the registry, on a loaded machine. */
const INSTALL_DEADLINE_MS = 180_000;
const CACHE = join(tmpdir(), 'vitrine-fixture-packages');

/** Files of an app, by path; the manifest's packages are installed once per machine and linked. */
export interface FixtureFiles {
  'package.json': string;
  [path: string]: string;
}

/** An app on disk with its packages; `write` saves a file and answers its absolute path. */
export class FixtureApp {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async create(files: FixtureFiles): Promise<FixtureApp> {
    const root = await mkdtemp(join(tmpdir(), 'vitrine-app-'));
    const app = new FixtureApp(root);
    for (const [path, text] of Object.entries(files)) await app.write(path, text);
    const installed = await installPackages(files['package.json']);
    await cp(join(installed, 'package-lock.json'), join(root, 'package-lock.json'));
    await symlink(join(installed, 'node_modules'), join(root, 'node_modules'));
    return app;
  }

  path(path: string): string {
    return join(this.root, path);
  }

  read(path: string): Promise<string> {
    return readFile(this.path(path), 'utf8');
  }

  async write(path: string, text: string): Promise<string> {
    await mkdir(dirname(this.path(path)), { recursive: true });
    await writeFile(this.path(path), text);
    return this.path(path);
  }

  async replace(path: string, from: string, to: string): Promise<string> {
    const text = await this.read(path);
    if (!text.includes(from)) throw new Error(`${path} does not contain ${from}`);
    return this.write(path, text.replace(from, to));
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }
}

/** Directory that holds node_modules for a manifest. Safe when several tests ask for the same at once. */
async function installPackages(manifest: string): Promise<string> {
  const { dependencies, devDependencies } = JSON.parse(manifest) as Record<string, object | undefined>;
  const key = createHash('sha256')
    .update(JSON.stringify([dependencies, devDependencies]))
    .digest('hex')
    .slice(0, 16);
  const target = join(CACHE, key);
  if (await exists(join(target, 'package-lock.json'))) return target;
  await mkdir(CACHE, { recursive: true });
  const draft = await mkdtemp(join(CACHE, '.draft-'));
  await writeFile(
    join(draft, 'package.json'),
    JSON.stringify({ private: true, dependencies, devDependencies }),
  );
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: draft,
    timeout: INSTALL_DEADLINE_MS,
  });
  try {
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(join(target, 'package-lock.json')))) throw error; // somebody else was faster, or it failed
  }
  return target;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
