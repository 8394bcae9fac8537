import { leaveGroup } from './console-group.ts';
import { lookAt, PRINTED } from './look-at-value.ts';
import { textTable } from './text-table.ts';

/** What a call of one of the console's methods prints; null where it prints nothing. */
export interface Printed {
  level: 'debug' | 'log' | 'info' | 'warn' | 'error';
  values: readonly unknown[];
  /** In place of the values. */
  text?: string;
  /** What comes after it is printed in a group, until that ends. */
  opensGroup?: true;
  /** Whether it is to be told how the page came there. */
  trace?: true;
}

type Method = (...given: unknown[]) => Printed | null;

/** Counters and timers that are remembered: a label may be made anew for each call. */
const MAX_LABELS = 1_000;

/** How each method of the console prints, as browsers do it (https://console.spec.whatwg.org). */
export function consoleMethods(now: () => number = () => performance.now()): Record<string, Method> {
  const counts = new Map<string, number>();
  const begun = new Map<string, number>();
  const log = (...values: unknown[]): Printed => ({ level: 'log', values });
  const elapsed: Method = (label, ...rest) => {
    const since = begun.get(labelOf(label));
    if (since === undefined) return { level: 'warn', values: [`Timer “${labelOf(label)}” does not exist.`] };
    return log(`${labelOf(label)}: ${(now() - since).toFixed(2)} ms`, ...rest);
  };
  const group: Method = (...values) => ({
    level: 'log',
    values: values.length > 0 ? values : ['console.group'],
    opensGroup: true,
  });
  return {
    debug: (...values) => ({ level: 'debug', values }),
    log,
    info: (...values) => ({ level: 'info', values }),
    warn: (...values) => ({ level: 'warn', values }),
    error: (...values) => ({ level: 'error', values }),
    dir: (value) => log(value),
    dirxml: log,
    table(data, columns) {
      const wanted = Array.isArray(columns) ? columns.map(String) : undefined;
      const text = textTable(lookAt(data, PRINTED), wanted);
      return text === null ? log(data) : { level: 'log', values: [], text };
    },
    group,
    groupCollapsed: group,
    groupEnd() {
      leaveGroup();
      return null;
    },
    trace: (...values) => ({
      level: 'log',
      values: values.length > 0 ? values : ['console.trace'],
      trace: true,
    }),
    assert(isTrue, ...values) {
      if (isTrue) return null;
      const [first, ...rest] = values;
      // A format stays one.
      const said =
        typeof first === 'string' ? [`Assertion failed: ${first}`, ...rest] : ['Assertion failed', ...values];
      return { level: 'error', values: values.length > 0 ? said : ['Assertion failed'] };
    },
    count(label) {
      const count = (counts.get(labelOf(label)) ?? 0) + 1;
      remember(counts, labelOf(label), count);
      return log(`${labelOf(label)}: ${count}`);
    },
    countReset(label) {
      counts.delete(labelOf(label));
      return null;
    },
    time(label) {
      if (!begun.has(labelOf(label))) remember(begun, labelOf(label), now());
      return null;
    },
    timeLog: elapsed,
    timeEnd(label) {
      const printed = elapsed(label);
      begun.delete(labelOf(label));
      return printed;
    },
  };
}

/** A label that is an object would have to be asked, which runs the page's code. */
const labelOf = (label: unknown): string =>
  typeof label === 'string' || typeof label === 'number' ? String(label) : 'default';

function remember(map: Map<string, number>, key: string, value: number): void {
  if (map.size < MAX_LABELS || map.has(key)) map.set(key, value);
}
