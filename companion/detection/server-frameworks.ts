import { frameworkOf } from '../builder/devserver/frameworks.ts';
import { dependsOn, type PackageJson } from './package-json.ts';
import { scriptServerOf } from './script-servers.ts';

export interface ServerFramework {
  /** Name of its package, or of the tool that a script calls. */
  name: string;
  kind: 'renders' | 'bundles';
}

/** Further packages that only their own dev server shows as they are: the project's script is run as it is. */
const RENDERERS = [
  'vinxi',
  'vite-plugin-ssr',
  'waku',
  'honox',
  '@hono/vite-dev-server',
  '@cloudflare/vite-plugin',
];
const BUNDLERS = ['parcel-bundler', '@farmfe/cli', 'umi', '@umijs/max', 'ember-cli', 'snowpack', 'vuepress'];

/** What a project needs its own dev server for; null where the default provider does. */
export function serverFrameworkOf(pkg: PackageJson): ServerFramework | null {
  const framework = frameworkOf(pkg);
  if (framework?.needsServer) return { name: framework.package, kind: framework.needsServer };
  const renderer = RENDERERS.find((name) => dependsOn(pkg, name));
  if (renderer) return { name: renderer, kind: 'renders' };
  if (framework) return null;
  const bundler = BUNDLERS.find((name) => dependsOn(pkg, name)) ?? scriptServerOf(pkg);
  return bundler ? { name: bundler, kind: 'bundles' } : null;
}
