import type { Plugin, Rollup } from 'vite';

const IMPORTS_PLUGIN = 'vite:import-analysis';
/** `const useState = __vite__cjsImport0_react["useState"];`, as often as a module imports from CommonJS packages. */
const ASSIGNMENTS = /(?:const [\w$]+ = [^;\n]*__vite__cjsImport[^;\n]*;){2,}/;

type TransformHandler = (this: unknown, ...parameters: unknown[]) => Promise<Rollup.TransformResult>;

/**
 * Makes Vite's code the same whenever its sources are. Vite 8 writes what a module imports from CommonJS packages in
 * the order in which it finds them, which differs from run to run; a page would take that for a change. They do not
 * depend on each other, and together they are as long as before, so that source maps hold.
 */
export function stableImports(): Plugin {
  return {
    name: 'vitrine:stable-imports',
    configResolved({ plugins }) {
      const analysis = plugins.find(({ name }) => name === IMPORTS_PLUGIN);
      const hook = analysis?.transform;
      if (!analysis || !hook) return;
      // A hook is a function or holds one; its parameters are passed on as they come.
      const original = (typeof hook === 'function' ? hook : hook.handler) as unknown as TransformHandler;
      const handler: TransformHandler = async function (...parameters) {
        return withSortedAssignments(await original.apply(this, parameters));
      };
      Object.assign(analysis, { transform: typeof hook === 'function' ? handler : { ...hook, handler } });
    },
  };
}

function withSortedAssignments(result: Rollup.TransformResult): Rollup.TransformResult {
  if (typeof result === 'string') return sortAssignments(result);
  return typeof result?.code === 'string' ? { ...result, code: sortAssignments(result.code) } : result;
}

/** For tests: {@link stableImports} on a text. */
export function sortAssignments(code: string): string {
  return code.replace(ASSIGNMENTS, (all) => `${all.slice(0, -1).split(';').sort().join(';')};`);
}
