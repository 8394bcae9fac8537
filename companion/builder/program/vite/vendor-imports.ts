import { isAbsolute } from 'node:path';
import type { Plugin } from 'vite';
import { VENDOR_PREFIX } from '#shared/frame/page.ts';
import type { VendorEntries } from '../vendor/entries.ts';

const BARE = /^(?![a-z]+:)[\w@][^?]*$/i;
const PACKAGE_SCRIPT = /\/node_modules\/.*\.[cm]?js$/;

/**
 * Sends imports of packages to the vendor bundle instead of into Vite's own dependency optimizer: one bundle,
 * made once, keeps one React. What a package does not compile to plain JavaScript (CSS, `.svelte`, `.vue`) and
 * what the project excludes from optimizing stays with Vite.
 */
export function vendorImports(entries: VendorEntries, isExcluded: (id: string) => boolean): Plugin {
  return {
    name: 'vitrine:vendor-imports',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (source.startsWith(VENDOR_PREFIX)) return source;
      if (importer === undefined || !BARE.test(source) || isAbsolute(source) || isExcluded(source))
        return null;
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
      if (resolved === null || !PACKAGE_SCRIPT.test(resolved.id) || resolved.id.startsWith('\0'))
        return resolved;
      return `${VENDOR_PREFIX}${entries.add(resolved.id)}`;
    },
    load(id) {
      return id.startsWith(VENDOR_PREFIX) ? 'export {}' : null;
    },
  };
}
