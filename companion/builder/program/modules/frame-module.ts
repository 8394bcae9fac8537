import type { ViteDevServer } from 'vite';
import { modulePath } from '#shared/frame/module-path.ts';
import { type FrameModule, SOURCE_MAP_PATH, VENDOR_PREFIX } from '#shared/frame/page.ts';
import { makeSynchronous } from './synchronous.ts';
import { cleanUrl, withoutBase } from './vite-url.ts';

/** URL under which import analysis refers to {@link VENDOR_PREFIX}. */
const VENDOR_URL = `/@id/${VENDOR_PREFIX.replace('\0', '__x00__')}`;
/** Modules the page brings itself. */
const OWN = new Set(['/@vite/client', '/@vite/env']);
const TIMESTAMP = /([?&])t=\d{13}(&|(?=["'`]))/g;

export interface HotFlags {
  selfAccepting: boolean;
  acceptedUrls: string[];
}

export interface ConvertedModule extends FrameModule {
  requires: string[];
  /** URLs of the modules it imports, without those of packages. */
  urls: string[];
}

/** Turns a module transformed by Vite into one the bundler evaluates as it is. */
export async function toFrameModule(
  server: ViteDevServer,
  url: string,
  transformed: string,
  hot: HotFlags,
): Promise<ConvertedModule> {
  const source = transformed.replace(TIMESTAMP, (_, lead: string, tail: string) =>
    tail === '&' ? lead : '',
  );
  const converted = await server.ssrTransform(source, null, url);
  if (converted === null) throw new Error(`Vite could not convert ${url}.`);
  const { code, isAsync } = makeSynchronous(converted.code);
  const path = modulePath(url);
  const urls = [...new Set([...(converted.deps ?? []), ...(converted.dynamicDeps ?? [])])]
    .map((dependency) => cleanUrl(withoutBase(dependency, server.config.base)))
    .filter(
      (dependency) =>
        dependency.startsWith('/') && !dependency.startsWith(VENDOR_URL) && !OWN.has(dependency),
    );
  return {
    code: wrap(code, { path, url, isAsync, hot }),
    requires: urls.map(modulePath),
    urls,
  };
}

interface WrapOptions {
  path: string;
  url: string;
  isAsync: boolean;
  hot: HotFlags;
}

/** On the first line, so that line numbers stay those of the transformed module. */
function wrap(code: string, { path, url, isAsync, hot }: WrapOptions): string {
  const flags = { url, self: hot.selfAccepting, deps: hot.acceptedUrls.map(modulePath), isAsync };
  const enter =
    '"use strict";' +
    `var __vitrine_module__=__vitrine__.enter(module,require,${JSON.stringify(path)},${JSON.stringify(flags)}),` +
    '__vite_ssr_exports__=__vitrine_module__.exports,__vite_ssr_import__=__vitrine_module__.import,' +
    '__vite_ssr_dynamic_import__=__vitrine_module__.dynamicImport,__vite_ssr_exportAll__=__vitrine_module__.exportAll,' +
    '__vite_ssr_exportName__=__vitrine_module__.exportName,__vite_ssr_import_meta__=__vitrine_module__.meta;' +
    // What the bundler puts in scope and a browser has not: packages look for it to recognise Node.
    'process=globalThis.process;__dirname=__filename=void 0;';
  // A block of its own: the module may declare names that are parameters outside it.
  const mapped = `//# sourceMappingURL=${SOURCE_MAP_PATH}${encodeURI(path.slice(1))}`;
  return `${enter}${isAsync ? `__vitrine_module__.run(async()=>{${code}\n});` : `{${code}\n}`}\n${mapped}`;
}
