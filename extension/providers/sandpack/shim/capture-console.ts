import { MAX_ENTRY_LENGTH } from '#shared/frame/page.ts';
import { report } from '../frame-state.ts';
import { type Described, describe } from './describe.ts';

const LEVELS = ['debug', 'log', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

/** Reports what the page prints, and prints it still. */
export function captureConsole(): void {
  /** What prints while it is looked at, a proxy's trap say, would go on without end. */
  let isLooking = false;
  for (const level of LEVELS) {
    const original = console[level];
    console[level] = function (this: Console, ...values: unknown[]) {
      if (!isLooking) {
        isLooking = true;
        try {
          const stack = values.find((value): value is Error => value instanceof Error)?.stack;
          reportLine(level, describe(values), stack);
        } catch {
          // Whatever the page made of its own built-ins: printing does not fail.
        } finally {
          isLooking = false;
        }
      }
      return Reflect.apply(original, this, values);
    };
  }
}

export function reportLine(level: Level, { text, values }: Described, stack?: string): void {
  const line = { at: Date.now(), level, text: cut(text), stack: stack && cut(stack) };
  report({ type: 'console', line: values ? { ...line, values } : line });
}

function cut(text: string): string {
  return text.length <= MAX_ENTRY_LENGTH
    ? text
    : `${text.slice(0, MAX_ENTRY_LENGTH)}… (${text.length} characters)`;
}
