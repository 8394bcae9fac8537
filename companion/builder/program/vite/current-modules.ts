import { setTimeout as delay } from 'node:timers/promises';
import type { ViteDevServer } from 'vite';
import type { PackageFiles } from './package-files.ts';
import type { LoadedModule } from './resume.ts';
import { cleanUrl, nodeUrl, withoutBase } from './vite-url.ts';

/** A package that is being bundled, ms: the page may ask for it. */
const PACKAGE_WAIT_MS = 50;

/** Which modules Vite would answer as they were, without transforming any: those it has, with the same tags. */
export async function currentModules(
  server: ViteDevServer,
  packages: PackageFiles,
  modules: LoadedModule[],
): Promise<string[]> {
  const { urlToModuleMap } = server.environments?.client?.moduleGraph ?? server.moduleGraph;
  const late = delay(PACKAGE_WAIT_MS, null);
  const isCurrent = async ({ url, etag }: LoadedModule): Promise<boolean> => {
    const local = withoutBase(url, server.config.base);
    const node = urlToModuleMap.get(nodeUrl(cleanUrl(local)));
    if (node?.transformResult?.etag === etag) return true;
    return (await Promise.race([packages.find(local), late]))?.etag === etag;
  };
  const answers = await Promise.all(modules.map(isCurrent));
  return modules.flatMap(({ url }, index) => (answers[index] ? [url] : []));
}
