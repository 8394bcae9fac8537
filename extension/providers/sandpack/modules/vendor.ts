import { VENDOR_GLOBAL } from '#shared/frame/page.ts';
import { exportAll } from './registry.ts';

type Exports = Record<PropertyKey, unknown>;
type Vendor = Record<string, (() => unknown) | undefined>;

const namespaces = new Map<string, Exports>();

/** A package module's exports as an ES module sees them: CommonJS ones get a default. */
export function vendorNamespace(key: string): Exports {
  const known = namespaces.get(key);
  if (known) return known;
  const vendor = (globalThis as typeof globalThis & { [VENDOR_GLOBAL]?: Vendor })[VENDOR_GLOBAL];
  const evaluate = vendor && Object.hasOwn(vendor, key) ? vendor[key] : undefined;
  if (!evaluate) throw new Error(`The package module ${key} is not in the vendor bundle.`);
  const exports = evaluate();
  const namespace = isEsModule(exports) ? exports : fromCommonJs(exports);
  namespaces.set(key, namespace);
  return namespace;
}

function isEsModule(exports: unknown): exports is Exports {
  return typeof exports === 'object' && exports !== null && (exports as Exports).__esModule === true;
}

function fromCommonJs(exports: unknown): Exports {
  const namespace: Exports = { default: exports };
  const isContainer = (typeof exports === 'object' && exports !== null) || typeof exports === 'function';
  if (isContainer) exportAll(namespace, exports as Exports);
  return namespace;
}
