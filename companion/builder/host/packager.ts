import type { Build } from '../protocol.ts';

/** `/__vitrine/packager/v2/packages/<name>/<version>.json`, as the bundler asks for a package. */
const REQUEST = /^\/__vitrine\/packager\/v2\/packages\/((?:@[^/]+\/)?[^/]+)\/([^/]+)\.json$/;

/**
 * Answers as the bundler's packager would, or null when the path is none of its own. A package the app does not
 * import is there, and empty.
 */
export function packagerAnswer(path: string, packages: Build['packages']): string | null {
  const match = REQUEST.exec(decodeURIComponent(path));
  if (!match) return null;
  const [, name = '', version = ''] = match;
  const files = Object.hasOwn(packages, name) ? packages[name] : undefined;
  const contents = Object.entries(files ?? {}).map(([file, content]) => [
    `/node_modules/${name}/${file}`,
    { content, requires: [] },
  ]);
  return JSON.stringify({
    contents: Object.fromEntries(contents),
    dependency: { name, version },
    peerDependencies: {},
    dependencyDependencies: {},
    dependencyAliases: {},
  });
}
