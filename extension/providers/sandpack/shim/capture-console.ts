import { MAX_ENTRY_LENGTH } from '#shared/frame/page.ts';
import { report } from '../frame-state.ts';
import { describe } from './describe.ts';

const LEVELS = ['debug', 'log', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

/** Reports what the page prints, and prints it still. */
export function captureConsole(): void {
  for (const level of LEVELS) {
    const original = console[level];
    console[level] = function (this: Console, ...values: unknown[]) {
      reportLine(
        level,
        describe(values),
        values.find((value): value is Error => value instanceof Error)?.stack,
      );
      return Reflect.apply(original, this, values);
    };
  }
}

export function reportLine(level: Level, text: string, stack?: string): void {
  report({ type: 'console', line: { at: Date.now(), level, text: cut(text), stack: stack && cut(stack) } });
}

function cut(text: string): string {
  return text.length <= MAX_ENTRY_LENGTH
    ? text
    : `${text.slice(0, MAX_ENTRY_LENGTH)}… (${text.length} characters)`;
}
