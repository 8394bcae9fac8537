import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** First match wins: package → the bundler's name for such projects. */
const BY_PACKAGE: [string, string][] = [
  ['preact-cli', 'preact-cli'],
  ['@vue/cli-service', 'vue-cli'],
  ['@angular/core', 'angular-cli'],
  ['react-scripts', 'create-react-app'],
  ['react', 'create-react-app'],
  ['vue', 'vue-cli'],
  ['solid-js', 'solid'],
  ['svelte', 'svelte'],
];

const MAINS = ['index', 'main'].flatMap((name) =>
  ['tsx', 'ts', 'jsx', 'js'].flatMap((extension) => [`src/${name}.${extension}`, `${name}.${extension}`]),
);

/** Which of the bundler's presets fits, by the packages in use. */
export function templateOf(packages: Set<string>, root: string): string {
  const found = BY_PACKAGE.find(([name]) => packages.has(name))?.[1] ?? 'parcel';
  return found === 'create-react-app' && existsSync(join(root, 'tsconfig.json'))
    ? 'create-react-app-typescript'
    : found;
}

/** The module the app starts in, from the root; null when it is none of the usual ones. */
export function entryOf(main: string | undefined, root: string): string | null {
  const candidates = [...(main === undefined ? [] : [main.replace(/^\.?\//, '')]), ...MAINS];
  return candidates.find((path) => existsSync(join(root, path))) ?? null;
}
