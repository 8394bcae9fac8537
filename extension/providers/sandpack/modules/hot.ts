import { modulePath } from '#shared/frame/module-path.ts';
import type { EvaluatedModule } from '../bundler.ts';
import { namespaceOf } from './namespace.ts';

export interface HotFlags {
  /** Accepts its own updates. */
  self: boolean;
  /** Paths of the modules whose updates it accepts. */
  deps: string[];
}

type Namespace = Record<PropertyKey, unknown>;
type AcceptCallback = (modules: (Namespace | undefined)[]) => void;

interface Accept {
  paths: string[];
  callback: AcceptCallback;
}

interface HotRecord {
  module: EvaluatedModule;
  data: Record<string, unknown>;
  accepts: Accept[];
  disposers: ((data: unknown) => void)[];
  pruners: ((data: unknown) => void)[];
}

const records = new Map<string, HotRecord>();
const listeners = new Map<string, Set<(data: unknown) => void>>();
/** Callbacks to run once the bundler has evaluated everything. */
let pending: (() => void)[] = [];
let invalidated: string[] = [];

/** Called first in every evaluation of a module. */
export function entered(module: EvaluatedModule, path: string, flags: HotFlags): void {
  const before = records.get(path);
  if (flags.self) module.hot.accept();
  if (flags.deps.length > 0) {
    for (const dependency of flags.deps)
      module.hot.accept([dependency], () => queueDependency(path, dependency));
  }
  const data = before?.data ?? {};
  if (before) {
    for (const dispose of before.disposers) run(() => dispose(data));
    for (const accept of before.accepts) {
      if (accept.paths.includes(path)) pending.push(() => accept.callback([exportsOf(path)]));
    }
  }
  records.set(path, { module, data, accepts: [], disposers: [], pruners: before?.pruners ?? [] });
}

function queueDependency(owner: string, dependency: string): void {
  for (const accept of records.get(owner)?.accepts ?? []) {
    if (!accept.paths.includes(dependency)) continue;
    pending.push(() =>
      accept.callback(accept.paths.map((path) => (path === dependency ? exportsOf(path) : undefined))),
    );
  }
}

function exportsOf(path: string): Namespace | undefined {
  const exports = records.get(path)?.module.exports;
  return exports && namespaceOf(exports);
}

/** Runs what waited for the evaluation; answers the modules that refused their update meanwhile. */
export function settle(): string[] {
  while (pending.length > 0) {
    const callbacks = pending;
    pending = [];
    for (const callback of callbacks) run(callback);
  }
  const refused = invalidated;
  invalidated = [];
  return refused;
}

export function prune(path: string): void {
  const record = records.get(path);
  if (!record) return;
  for (const callback of record.disposers) run(() => callback(record.data));
  for (const callback of record.pruners) run(() => callback(record.data));
  records.delete(path);
}

export function notify(event: string, data: unknown): void {
  for (const listener of listeners.get(event) ?? []) run(() => listener(data));
}

/** `import.meta.hot`, with Vite's meaning. */
export function createHotContext(url: string): object {
  const owner = modulePath(url);
  const record = () => records.get(owner);
  const own = new Map<string, Set<(data: unknown) => void>>();
  return {
    get data() {
      return record()?.data;
    },
    accept(first?: unknown, callback?: unknown) {
      if (typeof first === 'function' || first === undefined) {
        const self = first as ((module: Namespace | undefined) => void) | undefined;
        record()?.accepts.push({ paths: [owner], callback: ([module]) => self?.(module) });
      } else if (typeof first === 'string') {
        const single = callback as ((module: Namespace | undefined) => void) | undefined;
        record()?.accepts.push({ paths: [modulePath(first)], callback: ([module]) => single?.(module) });
      } else if (Array.isArray(first)) {
        const many = callback as AcceptCallback | undefined;
        record()?.accepts.push({
          paths: first.map((entry) => modulePath(String(entry))),
          callback: (all) => many?.(all),
        });
      }
    },
    acceptExports(_names: unknown, callback?: (module: Namespace | undefined) => void) {
      record()?.accepts.push({ paths: [owner], callback: ([module]) => callback?.(module) });
    },
    dispose(callback: (data: unknown) => void) {
      record()?.disposers.push(callback);
    },
    prune(callback: (data: unknown) => void) {
      record()?.pruners.push(callback);
    },
    decline() {},
    invalidate(message?: string) {
      console.debug(`[vite] ${owner} cannot be updated in place${message ? `: ${message}` : ''}`);
      invalidated.push(owner);
    },
    on(event: string, listener: (data: unknown) => void) {
      for (const map of [listeners, own]) map.set(event, (map.get(event) ?? new Set()).add(listener));
    },
    off(event: string, listener: (data: unknown) => void) {
      listeners.get(event)?.delete(listener);
    },
    send() {},
  };
}

function run(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    reportError(error);
  }
}
