import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { CorpusApp } from './app.ts';

const run = promisify(execFile);
/** The largest of them, from the registry, on a loaded machine. */
const INSTALL_DEADLINE_MS = 400_000;
const CREATE_VITE = 'create-vite@9.3.0';
const NPM_INSTALL = ['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', '--legacy-peer-deps'];
const CACHE = process.env.VITRINE_CORPUS_CACHE ?? join(homedir(), '.cache', 'vitrine-corpus');

/** Makes and installs an app once per machine and definition; answers the directory, which is not to be changed. */
export async function installedApp(app: CorpusApp): Promise<string> {
  const key = createHash('sha256')
    .update(
      JSON.stringify([
        CREATE_VITE,
        app.template,
        app.files,
        app.packages,
        app.prepare,
        ...(app.install ?? []),
      ]),
    )
    .digest('hex')
    .slice(0, 12);
  const target = join(CACHE, `${app.name}-${key}`);
  if (await exists(target)) return target;
  await mkdir(CACHE, { recursive: true });
  const draft = await mkdtemp(join(CACHE, '.draft-'));
  try {
    if (app.template !== undefined) await createFrom(app.template, draft);
    await writeFiles(app, draft);
    await addPackages(app, draft);
    const [manager = 'npm', ...how] = app.install ?? NPM_INSTALL;
    await run(manager, how, {
      cwd: draft,
      timeout: INSTALL_DEADLINE_MS,
      maxBuffer: 64 * 1024 * 1024,
    });
    const [program, ...args] = app.prepare ?? [];
    if (program !== undefined) await run(program, args, { cwd: draft, timeout: INSTALL_DEADLINE_MS });
    // Two runs may make the same at once: whichever is first has made it.
    await rename(draft, target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return target;
}

/** A copy to work in, a git repository of its own; packages are hard links. */
export async function copyOf(installed: string, name: string): Promise<string> {
  const directory = join(await mkdtemp(join(tmpdir(), 'vitrine-corpus-')), name);
  await run('cp', ['-al', installed, directory]);
  // Sources are edited in place: they must not be links.
  const { stdout } = await run('find', [
    directory,
    '-name',
    'node_modules',
    '-prune',
    '-o',
    '-type',
    'f',
    '-print',
  ]);
  for (const file of stdout.split('\n').filter(Boolean)) {
    const text = await readFile(file);
    await rm(file);
    await writeFile(file, text);
  }
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=corpus', '-c', 'user.email=corpus@localhost', ...args], { cwd: directory });
  await appendFile(join(directory, '.gitignore'), '\nnode_modules\ndist\n');
  await git('init', '-q');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'The app as it was made');
  return directory;
}

async function createFrom(template: string, directory: string): Promise<void> {
  const parent = await mkdtemp(join(tmpdir(), 'vitrine-create-'));
  try {
    await run(
      'npm',
      [
        'exec',
        '--yes',
        '--prefer-offline',
        CREATE_VITE,
        '--',
        'app',
        '--template',
        template,
        '--no-interactive',
      ],
      {
        cwd: parent,
        timeout: INSTALL_DEADLINE_MS,
      },
    );
    await cp(join(parent, 'app'), directory, { recursive: true });
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

async function writeFiles({ files = {} }: CorpusApp, directory: string): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    if (text === null) await rm(file, { force: true });
    else await writeFile(file, bytesOf(text));
  }
}

const bytesOf = (text: string): string | Buffer =>
  text.startsWith('base64:') ? Buffer.from(text.slice('base64:'.length), 'base64') : text;

async function addPackages({ packages = {} }: CorpusApp, directory: string): Promise<void> {
  const file = join(directory, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { dependencies?: Record<string, string> };
  manifest.dependencies = { ...manifest.dependencies, ...packages };
  await writeFile(file, `${JSON.stringify(manifest, null, 2)}\n`);
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
