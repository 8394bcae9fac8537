type Exports = Record<PropertyKey, unknown>;

const views = new WeakMap<Exports, Exports>();

/**
 * A module's exports as its namespace object shows them: plain values. Live bindings are getters in fact, and
 * React's refresh runtime, for one, takes a module with getters for one it must not touch.
 */
export function namespaceOf(exports: Exports): Exports {
  let view = views.get(exports);
  if (view === undefined) {
    view = new Proxy(exports, { getOwnPropertyDescriptor: describeAsValue });
    views.set(exports, view);
  }
  return view;
}

function describeAsValue(exports: Exports, key: PropertyKey): PropertyDescriptor | undefined {
  const descriptor = Reflect.getOwnPropertyDescriptor(exports, key);
  if (descriptor?.get === undefined || !descriptor.configurable) return descriptor;
  return {
    value: exports[key],
    writable: true,
    enumerable: descriptor.enumerable ?? false,
    configurable: true,
  };
}
