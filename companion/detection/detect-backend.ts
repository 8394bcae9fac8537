import { stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { serverScript } from '../builder/devserver/find-command.ts';
import { FRAMEWORKS, frameworkOf } from '../builder/devserver/frameworks.ts';
import type { PackageDirectory } from './package-directories.ts';
import { dependsOn, type PackageJson } from './package-json.ts';
import { detectByProcfile } from './procfile.ts';
import { isBuilt } from './runs-built.ts';
import { runsServer } from './runs-server.ts';
import { SERVER_PACKAGES } from './server-packages.ts';
import { startedCommands } from './started-commands.ts';

export interface DetectedBackend {
  command: string;
  /** Absolute working directory. */
  cwd: string;
  /** One sentence: what was seen and where. */
  reason: string;
}

/** Scripts that start a backend wherever they stand, the likeliest first. */
const SERVER_SCRIPTS = [
  'server',
  'start:server',
  'server:start',
  'backend',
  'start:backend',
  'api',
  'start:api',
  'dev:server',
  'server:dev',
  'dev:api',
  'api:dev',
  'dev:backend',
  'backend:dev',
];
/** Scripts that start a backend in a package that is one. */
const OWN_SCRIPTS = ['start', 'dev', 'start:dev', 'develop', 'serve', 'watch'];
/** Scripts that start all that a project has. */
const WHOLE_SCRIPTS = ['dev', 'start', 'develop', 'start:dev'];
const SERVER_FILES = [
  'server.js',
  'server.mjs',
  'server.ts',
  'server/index.js',
  'server/index.mjs',
  'server/index.ts',
  'server/server.js',
  'server/app.js',
  'server/main.js',
  'server/src/index.js',
  'server/src/index.ts',
];
/** Where a package that is a server has its program, if no script says so. */
const OWN_FILES = ['index', 'app', 'main', 'src/index', 'src/server', 'src/app', 'src/main'].flatMap((name) =>
  ['js', 'mjs', 'ts'].map((extension) => `${name}.${extension}`),
);
const BACKEND_NAME = /(?:^|[-_.])(?:server|backend|api|bff)$/;
/** Commands of frontend tools: such a `start` script is not a backend's. */
const FRONTEND_COMMAND =
  /\b(vite|react-scripts|next|nuxt|astro|webpack|parcel|ng serve|vue-cli-service|svelte-kit|remix|serve)\b/;
const startsFrontend = (command: string): boolean =>
  FRONTEND_COMMAND.test(command) || FRAMEWORKS.some(({ call }) => call.test(command));
/** A script that starts a frontend beside the backend cannot serve as the backend's. */
const STARTS_SEVERAL = /\b(concurrently|npm-run-all2?|run-p|run-s|turbo|nx|lerna)\b|[^&>]&(?![&>])/;

/** Finds the command that starts the project's backend, or null when it has none. */
export async function detectBackend(
  worktree: string,
  directories: PackageDirectory[],
): Promise<DetectedBackend | null> {
  const place = (directory: string) => relative(worktree, directory) || 'the worktree';
  for (const { directory, pkg } of directories) {
    const found = pkg && (await likeliest(directory, pkg, SERVER_SCRIPTS));
    if (found) return { ...found, reason: `script "${found.script}" in ${place(directory)}` };
  }
  for (const { directory, pkg } of directories) {
    if (!pkg || rendersPages(pkg) || !isBackendPackage(worktree, directory, pkg)) continue;
    const ofFrontend = frameworkOf(pkg)?.needsServer && serverScript(pkg)?.[0];
    const found = await likeliest(
      directory,
      pkg,
      OWN_SCRIPTS.filter((name) => name !== ofFrontend),
    );
    if (found)
      return { ...found, reason: `server package with script "${found.script}" in ${place(directory)}` };
  }
  for (const { directory, pkg } of directories) {
    const found = pkg && !rendersPages(pkg) && besideFrontend(pkg);
    if (found)
      return {
        command: found.command,
        cwd: directory,
        reason: `started by script "${found.script}" in ${place(directory)}`,
      };
  }
  for (const { directory, pkg } of directories) {
    if (pkg && rendersPages(pkg)) continue;
    const own = pkg && isBackendPackage(worktree, directory, pkg) && !hasFrontend(pkg) ? OWN_FILES : [];
    for (const file of [...SERVER_FILES, ...own]) {
      const found = await stat(join(directory, file)).catch(() => null);
      if (found?.isFile())
        return {
          command: `${runnerOf(file, pkg)} ${file}`,
          cwd: directory,
          reason: `${file} in ${place(directory)}`,
        };
    }
  }
  return detectByProcfile(worktree);
}

/**
 * The first of these scripts that starts a backend: one that runs the sources before one that runs what was built of
 * them, which nobody builds here unless that is all there is.
 */
async function likeliest(
  cwd: string,
  { scripts }: PackageJson,
  names: readonly string[],
): Promise<(Omit<DetectedBackend, 'reason'> & { script: string }) | null> {
  const fitting = names.filter((name) => isBackendCommand(scripts[name]));
  const built = await Promise.all(fitting.map((name) => isBuilt(scripts[name] ?? '', cwd)));
  const script = fitting[Math.max(0, built.indexOf('sources'))];
  if (script === undefined) return null;
  const isMissing = !built.includes('sources') && built[0] === 'missing';
  const before = scripts[`pre${script}`] ?? (isMissing ? scripts.build : undefined);
  const command = scripts[script] ?? '';
  return { command: before === undefined ? command : `${before} && ${command}`, cwd, script };
}

/** What a script that starts several things starts beside the frontend. */
function besideFrontend(pkg: PackageJson): { command: string; script: string } | null {
  for (const script of WHOLE_SCRIPTS) {
    if (!STARTS_SEVERAL.test(pkg.scripts[script] ?? '')) continue;
    const command = startedCommands(pkg, script).find((each) => isBackendCommand(each) && runsServer(each));
    if (command !== undefined) return { command, script };
  }
  return null;
}

/** The Node of the project may be too old for TypeScript. */
const runnerOf = (file: string, pkg: PackageJson | null): string =>
  (file.endsWith('.ts') && pkg && ['tsx', 'ts-node'].find((name) => dependsOn(pkg, name))) || 'node';

/** Makes files of the sources again and again, and starts nothing. */
const ONLY_BUILDS =
  /^(?:npx\s+)?(?:tsc|swc|babel|tsup|tsdown|rollup|esbuild|unbuild|ncc)\b(?!.*(?:&&|onSuccess))/;

const isBackendCommand = (command: string | undefined): command is string =>
  command !== undefined &&
  !startsFrontend(command) &&
  !STARTS_SEVERAL.test(command) &&
  !ONLY_BUILDS.test(command);

/** Its server is part of its dev server: what a script or a file called server starts is that. */
const rendersPages = (pkg: PackageJson): boolean => frameworkOf(pkg)?.needsServer === 'renders';

/** Its first module is for browsers then. */
const hasFrontend = (pkg: PackageJson): boolean =>
  dependsOn(pkg, 'vite') || frameworkOf(pkg) !== null || Object.values(pkg.scripts).some(startsFrontend);

const isBackendPackage = (worktree: string, directory: string, pkg: PackageJson): boolean =>
  dependsOn(pkg, ...SERVER_PACKAGES) ||
  (BACKEND_NAME.test(partName(worktree, directory, pkg)) && !dependsOn(pkg, 'vite'));

/** A worktree's directory is called after its task, say `improve-server`. */
const partName = (worktree: string, directory: string, pkg: PackageJson): string =>
  directory === worktree ? (pkg.name ?? '') : basename(directory);
