import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
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
  const settings = names?.find((name) => READ_BY_WEBPACK.test(name));
  return settings === undefined ? null : `${settings} is read by its own server`;
}
