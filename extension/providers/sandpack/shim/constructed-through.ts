type Class<T> = new (...values: never[]) => T;

/** The same class, whose instances are shown to `onMade`. */
export function constructedThrough<C extends Class<T>, T>(made: C, onMade: (instance: T) => void): C {
  const through: C = new Proxy(made, {
    construct(target, values, newTarget) {
      const instance = Reflect.construct(target, values, newTarget) as T & object;
      onMade(instance);
      return instance;
    },
  });
  made.prototype.constructor = through;
  return through;
}
