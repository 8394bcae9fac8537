import type { Build } from '../protocol.ts';

const BUNDLES = /^\/__vitrine\/packager\/v2\/packages\/((?:@[^/]+\/)?[^/]+)\/([^/]+)\.json$/;
const VERSIONS = /^\/__vitrine\/jsdelivr-data\/v1\/package\/npm\/((?:@[^/]+\/)?[^/@]+)$/;
const LISTING = /^\/__vitrine\/jsdelivr-data\/v1\/package\/npm\/((?:@[^/]+\/)?[^/@]+)@[^/]+\/flat$/;
const FILE = /^\/__vitrine\/(?:jsdelivr\/npm|unpkg)\/((?:@[^/]+\/)?[^/@]+)@[^/]+\/(.+)$/;

/** What the bundler's presets ask for by a range; the version is all they look at. */
const PRESET_VERSIONS: Record<string, string> = {
  '@babel/core': '7.29.0',
  '@babel/runtime': '7.29.0',
  'babel-runtime': '6.26.0',
};

export interface PackagerAnswer {
  status: number;
  type: string;
  body: string;
}

/**
 * Answers for the hosts the bundler has its packages from: its packager, jsDelivr and unpkg. Null when the path is
 * none of theirs. A package the app does not import is there, and empty.
 */
export function packagerAnswer(path: string, packages: Build['packages']): PackagerAnswer | null {
  const decoded = decodeURIComponent(path);
  const filesOf = (name = '') => (Object.hasOwn(packages, name) ? packages[name] : undefined) ?? {};
  const bundle = BUNDLES.exec(decoded);
  if (bundle) return json(bundleOf(bundle[1] ?? '', bundle[2] ?? '', filesOf(bundle[1])));
  const versions = VERSIONS.exec(decoded)?.[1];
  if (versions !== undefined) {
    const version = PRESET_VERSIONS[versions];
    return json({ tags: {}, versions: version === undefined ? [] : [version] });
  }
  const listing = LISTING.exec(decoded);
  if (listing) return json({ files: Object.keys(filesOf(listing[1])).map((file) => ({ name: `/${file}` })) });
  const [, name, file = ''] = FILE.exec(decoded) ?? [];
  if (name === undefined) return null;
  const files = filesOf(name);
  const text = Object.hasOwn(files, file) ? files[file] : undefined;
  if (text === undefined) return { status: 404, type: 'text/plain', body: '' };
  return { status: 200, type: file.endsWith('.json') ? 'application/json' : 'text/javascript', body: text };
}

function bundleOf(name: string, version: string, files: Record<string, string>) {
  const contents = Object.entries(files).map(([file, content]) => [
    `/node_modules/${name}/${file}`,
    { content, requires: [] },
  ]);
  return {
    contents: Object.fromEntries(contents),
    dependency: { name, version },
    peerDependencies: {},
    dependencyDependencies: {},
    dependencyAliases: {},
  };
}

const json = (body: unknown): PackagerAnswer => ({
  status: 200,
  type: 'application/json',
  body: JSON.stringify(body),
});
