import { stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { PackageDirectory } from './package-directories.ts';
import { dependsOn, type PackageJson } from './package-json.ts';

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
  'dev:api',
];
/** Scripts that start a backend in a package that is one. */
const OWN_SCRIPTS = ['start', 'dev'];
const SERVER_FILES = [
  'server.js',
  'server.mjs',
  'server.ts',
  'server/index.js',
  'server/index.mjs',
  'server/index.ts',
];
const SERVER_PACKAGES = [
  'express',
  'fastify',
  'koa',
  'hono',
  '@hono/node-server',
  '@nestjs/core',
  '@hapi/hapi',
  'polka',
  'h3',
  'restify',
];
const BACKEND_NAMES = new Set(['server', 'backend', 'api']);
/** Commands of frontend tools: such a `start` script is not a backend's. */
const FRONTEND_COMMAND =
  /\b(vite|react-scripts|next|nuxt|astro|webpack|parcel|ng serve|vue-cli-service|svelte-kit|remix|serve)\b/;
/** A script that starts a frontend beside the backend cannot serve as the backend's. */
const STARTS_SEVERAL = /\b(concurrently|npm-run-all|run-p|turbo|nx|lerna)\b/;

/** Finds the command that starts the project's backend, or null when it has none. */
export async function detectBackend(
  worktree: string,
  directories: PackageDirectory[],
): Promise<DetectedBackend | null> {
  const place = (directory: string) => relative(worktree, directory) || 'the worktree';
  for (const { directory, pkg } of directories) {
    const script = pkg && SERVER_SCRIPTS.find((name) => isBackendCommand(pkg.scripts[name]));
    if (pkg && script) return fromScript(pkg, script, directory, `script "${script}" in ${place(directory)}`);
  }
  for (const { directory, pkg } of directories) {
    if (!pkg || !isBackendPackage(directory, pkg)) continue;
    const script = OWN_SCRIPTS.find((name) => isBackendCommand(pkg.scripts[name]));
    if (script)
      return fromScript(
        pkg,
        script,
        directory,
        `server package with script "${script}" in ${place(directory)}`,
      );
  }
  for (const { directory } of directories) {
    for (const file of SERVER_FILES) {
      const found = await stat(join(directory, file)).catch(() => null);
      if (found?.isFile())
        return { command: `node ${file}`, cwd: directory, reason: `${file} in ${place(directory)}` };
    }
  }
  return null;
}

const isBackendCommand = (command: string | undefined): command is string =>
  command !== undefined && !FRONTEND_COMMAND.test(command) && !STARTS_SEVERAL.test(command);

const isBackendPackage = (directory: string, pkg: PackageJson): boolean =>
  dependsOn(pkg, ...SERVER_PACKAGES) || (BACKEND_NAMES.has(basename(directory)) && !dependsOn(pkg, 'vite'));

function fromScript(pkg: PackageJson, script: string, cwd: string, reason: string): DetectedBackend {
  return { command: pkg.scripts[script] ?? '', cwd, reason };
}
