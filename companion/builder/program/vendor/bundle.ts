import { createHash } from 'node:crypto';
import { build, version } from 'esbuild';
import { VENDOR_GLOBAL } from '#shared/frame/page.ts';

export interface VendorSpec {
  root: string;
  entries: [key: string, file: string][];
  /** Hash of the lock file and the versions in use. */
  stamp: string;
}

/** Name of a vendor bundle: equal contents have equal names, in any worktree. */
export function vendorKey({ entries, stamp }: VendorSpec): string {
  return createHash('sha256')
    .update(JSON.stringify([version, stamp, entries.map(([key]) => key)]))
    .digest('hex')
    .slice(0, 24);
}

/** Bundles every package module the app imports into one script that evaluates them lazily. */
export async function bundleVendor({ root, entries }: VendorSpec): Promise<string> {
  const lines = entries.map(([key, file]) => `  ${JSON.stringify(key)}: () => require(${JSON.stringify(file)}),`);
  const result = await build({
    stdin: {
      contents: `globalThis.${VENDOR_GLOBAL} = {\n${lines.join('\n')}\n};`,
      resolveDir: root,
      sourcefile: 'vitrine-vendor.js',
    },
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'esnext',
    mainFields: ['browser', 'module', 'jsnext:main', 'jsnext', 'main'],
    conditions: ['module', 'browser', 'development'],
    define: { 'process.env.NODE_ENV': '"development"' },
    loader: { '.wasm': 'dataurl' },
    logLevel: 'silent',
    legalComments: 'none',
  });
  return result.outputFiles[0]?.text ?? '';
}
