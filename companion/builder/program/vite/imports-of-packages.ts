import { join } from 'node:path';
import type { Plugin, ResolvedConfig } from 'vite';

/** `vue`, `@scope/name/part`: nothing with a path or a scheme. */
const BARE = /^(?:@[\w.~-]+\/)?[a-zA-Z_][\w.~-]*(?:\/[^:?#]*)?(?:[?#].*)?$/;

/**
 * Bundled packages may import others still, which plugins keep out of them. They lie in a cache of ours, from where no
 * node_modules of the project is found: those imports are looked for as if they lay in the project, where Vite keeps its own.
 */
export function importsOfPackages(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'vitrine:imports-of-packages',
    enforce: 'pre',
    configResolved(resolved) {
      config = resolved;
    },
    resolveId(source, importer, options) {
      const isOfPackage = importer?.startsWith(`${config.cacheDir.replaceAll('\\', '/')}/`) ?? false;
      if (!isOfPackage || !BARE.test(source)) return null;
      return this.resolve(source, join(config.root, 'index.html'), { ...options, skipSelf: true });
    },
  };
}
