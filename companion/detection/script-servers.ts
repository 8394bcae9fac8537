import { serverScripts } from '../builder/devserver/frameworks.ts';
import { dependsOn, type PackageJson } from './package-json.ts';
import { SERVER_PACKAGES } from './server-packages.ts';

/** A tool that makes what a page names and serves it, as a script of the project tells it. */
interface ScriptServer {
  name: string;
  /** Its call in a script, as a server. */
  call: RegExp;
  /** One of these is among the packages, where the tool serves nothing by itself. */
  serving?: string[];
}

const SERVING_WITH_GULP = [
  'browser-sync',
  'gulp-connect',
  'gulp-webserver',
  'gulp-live-server',
  'gulp-server-livereload',
];
const SERVING_WITH_ROLLUP = [
  'rollup-plugin-serve',
  'rollup-plugin-dev',
  'rollup-plugin-browsersync',
  'rollup-plugin-livereload',
];

const SERVERS: readonly ScriptServer[] = [
  { name: 'Web Dev Server', call: /\b(?:web-dev-server|wds|es-dev-server)\b/ },
  { name: 'esbuild', call: /\besbuild\b(?=.*\s--serve(?:dir)?\b)/ },
  { name: 'Stencil', call: /\bstencil(?:-dev)?\s+build\b(?=.*\s--serve\b)/ },
  { name: 'Rollup', call: /\brollup\b(?=.*\s(?:-\w*w\w*|--watch)\b)/, serving: SERVING_WITH_ROLLUP },
  { name: 'Gulp', call: /\bgulp\b(?!\s+build\b)/, serving: SERVING_WITH_GULP },
  {
    name: 'Grunt',
    call: /\bgrunt\b(?!\s+build\b)/,
    serving: ['grunt-contrib-connect', 'grunt-browser-sync'],
  },
  { name: 'budo', call: /\bbudo\b/ },
  { name: 'Hexo', call: /\bhexo\s+(?:server|s)\b/ },
  { name: 'Hugo', call: /\bhugo\s+server\b/ },
];

/** The one that a project's own script starts; null where none does, and where it starts the project's own server. */
export function scriptServerOf(pkg: PackageJson): string | null {
  if (dependsOn(pkg, ...SERVER_PACKAGES)) return null;
  const scripts = serverScripts(pkg);
  const found = SERVERS.find(
    ({ call, serving }) =>
      (serving === undefined || dependsOn(pkg, ...serving)) && scripts.some(([, text]) => call.test(text)),
  );
  return found?.name ?? null;
}
