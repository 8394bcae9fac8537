import type { Frontend, FrontendContext, FrontendProvider } from '../frontend.ts';
import { requireRoot } from '../require-root.ts';
import { checkBundler } from './bundler-files.ts';
import { frameFile } from './frame-files.ts';
import { SandpackFrontend } from './frontend.ts';
import { VendorCache } from './vendor-cache.ts';

export interface SandpackOptions {
  /** Absolute directory for vendor bundles, shared by all environments. Pods need to read it, not to write it. */
  sharedCacheDirectory: string;
  /** A builder is ended when nobody saw its pages or asked for anything this long. */
  idleMs?: number;
}

/** Runs frontends in the browser: a builder in the pod transforms, the sandpack bundler in the page runs. */
export class SandpackProvider implements FrontendProvider {
  readonly name = 'sandpack';
  readonly #options: SandpackOptions;

  constructor(options: SandpackOptions) {
    this.#options = options;
  }

  async start(context: FrontendContext, signal: AbortSignal): Promise<Frontend> {
    const { root, worktree } = context;
    requireRoot(root);
    frameFile('shim.js');
    await checkBundler();
    const vendor = new VendorCache(this.#options.sharedCacheDirectory, root, worktree);
    const frontend = new SandpackFrontend(context, vendor, this.#options.idleMs);
    context.onStep('build', 'active');
    await frontend.start(signal);
    return frontend;
  }
}
