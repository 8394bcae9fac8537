const MAX_DEPTH = 4;
const MAX_ENTRIES = 50;
const MAX_STRING = 8_000;

/** Plain text for the arguments of a console call: `%s` and its kin filled in, objects written out to a limit. */
export function describe(values: unknown[]): string {
  const [first, ...rest] = values;
  if (typeof first !== 'string') return values.map((value) => text(value)).join(' ');
  const filled = first.replace(/%([sdifoOc%])/g, (whole, kind: string) => {
    if (kind === '%') return '%';
    if (rest.length === 0) return whole;
    const value = rest.shift();
    if (kind === 'c') return '';
    if (kind === 'd' || kind === 'i')
      return String(typeof value === 'bigint' ? value : Math.trunc(Number(value)));
    if (kind === 'f') return String(Number(value));
    return kind === 's' ? text(value) : inspect(value, 0, new Set());
  });
  return [filled, ...rest.map((value) => text(value))].join(' ');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value, 0, new Set());
}

function inspect(value: unknown, depth: number, seen: Set<object>): string {
  try {
    return write(value, depth, seen);
  } catch (error) {
    // Getters and proxies of the page's own may throw.
    return thrown(error);
  }
}

function inspectProperty(owner: object, key: string, depth: number, seen: Set<object>): string {
  try {
    return inspect(Reflect.get(owner, key), depth, seen);
  } catch (error) {
    return thrown(error);
  }
}

function thrown(error: unknown): string {
  return `[${String((error as Error | undefined)?.message ?? error)}]`;
}

function write(value: unknown, depth: number, seen: Set<object>): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MAX_STRING));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `[Function ${value.name || 'anonymous'}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Element) return `<${value.tagName.toLowerCase()}${value.id ? `#${value.id}` : ''}>`;
  if (value instanceof Date || value instanceof RegExp) return String(value);
  if (seen.has(value)) return '[Circular]';
  const isArray = Array.isArray(value);
  if (depth >= MAX_DEPTH) return isArray ? '[Array]' : '[Object]';
  seen.add(value);
  const described = isArray ? list(value, depth, seen) : record(value, depth, seen);
  seen.delete(value);
  return described;
}

function list(values: unknown[], depth: number, seen: Set<object>): string {
  const shown = values.slice(0, MAX_ENTRIES).map((value) => inspect(value, depth + 1, seen));
  if (values.length > MAX_ENTRIES) shown.push(`… ${values.length - MAX_ENTRIES} more`);
  return `[${shown.join(', ')}]`;
}

function record(value: object, depth: number, seen: Set<object>): string {
  if (value instanceof Map) return `Map ${list([...value], depth, seen)}`;
  if (value instanceof Set) return `Set ${list([...value], depth, seen)}`;
  const keys = Object.keys(value);
  const shown = keys
    .slice(0, MAX_ENTRIES)
    .map((key) => `${key}: ${inspectProperty(value, key, depth + 1, seen)}`);
  if (keys.length > MAX_ENTRIES) shown.push(`… ${keys.length - MAX_ENTRIES} more`);
  const name = Object.getPrototypeOf(value)?.constructor?.name;
  const prefix = name === undefined || name === 'Object' ? '' : `${name} `;
  return shown.length === 0 ? `${prefix}{}` : `${prefix}{ ${shown.join(', ')} }`;
}
