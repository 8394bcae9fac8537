import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvFiles } from './env-files.ts';
import { dependsOn, type PackageJson } from './package-json.ts';

/** They change how Create React App builds. */
const OVERRIDES = ['@craco/craco', 'react-app-rewired', 'customize-cra'];
/** Its webpack reads these; the bundler does not. */
const READ_BY_WEBPACK = /^(?:tailwind\.config\.|postcss\.config\.|craco\.config\.|config-overrides\.)/;

/** Why an app of Create React App needs its own server; null when the bundler's transpilers show it as that would. */
export async function needsCraServer(root: string, pkg: PackageJson): Promise<string | null> {
  const override = OVERRIDES.find((name) => dependsOn(pkg, name));
  if (override !== undefined) return `${override} changes how the app is built`;
  const [names, sources] = await Promise.all(
    [root, join(root, 'src')].map((directory) => readdir(directory).catch(() => [])),
  );
  if (sources?.some((name) => /^setupProxy\.[cm]?[jt]s$/.test(name)))
    return 'src/setupProxy is a part of its own server';
  const path = await servedPath(root, pkg);
  if (path !== null) return `its own server has the app at ${path}`;
  const settings = names?.find((name) => READ_BY_WEBPACK.test(name));
  return settings === undefined ? null : `${settings} is read by its own server`;
}

/** Path that its own server has the app below, as it will be in production; null for the root. */
async function servedPath(root: string, { homepage }: PackageJson): Promise<string | null> {
  const { PUBLIC_URL } = await readEnvFiles([root], { inside: root });
  const address = PUBLIC_URL || homepage;
  // Relative to wherever the page is: the root, while it is developed.
  if (!address || address.startsWith('.')) return null;
  return URL.parse(address, 'http://localhost')?.pathname.replace(/\/+$/, '') || null;
}
