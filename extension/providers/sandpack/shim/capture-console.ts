import { MAX_ENTRY_LENGTH } from '#shared/frame/page.ts';
import { report } from '../frame-state.ts';
import { callSite, stackOfCaller } from './call-site.ts';
import { enterGroup, inGroup } from './console-group.ts';
import { consoleMethods, type Printed } from './console-methods.ts';
import { type Described, describe } from './describe.ts';

/** Reports what the page prints, and prints it still. */
export function captureConsole(): void {
  /** What prints while it is looked at, a proxy's trap say, would go on without end. */
  let isLooking = false;
  for (const [name, prints] of Object.entries(consoleMethods())) {
    const original: unknown = Reflect.get(console, name);
    if (typeof original !== 'function') continue;
    const capturing = function (this: Console, ...values: unknown[]): unknown {
      if (!isLooking) {
        isLooking = true;
        try {
          const printed = prints(...values);
          if (printed) reportPrinted(printed);
        } catch {
          // Whatever the page made of its own built-ins: printing does not fail.
        } finally {
          isLooking = false;
        }
      }
      return Reflect.apply(original, this, values);
    };
    Reflect.set(console, name, capturing);
  }
}

function reportPrinted({ level, values, text, trace, opensGroup }: Printed): void {
  const error = values.find((value): value is Error => value instanceof Error);
  const stack = trace ? stackOfCaller() : error?.stack;
  reportLine(level, text === undefined ? describe(values) : { text }, { stack, place: callSite() });
  if (opensGroup) enterGroup();
}

interface Origin {
  stack?: string | undefined;
  /** Where it was printed. */
  place?: string | undefined;
}

export function reportLine(
  level: Printed['level'],
  { text, values }: Described,
  { stack, place }: Origin = {},
): void {
  const line = { at: Date.now(), level, text: cut(text), stack: stack && cut(stack), place };
  report({ type: 'console', line: inGroup(values ? { ...line, values } : line) });
}

function cut(text: string): string {
  return text.length <= MAX_ENTRY_LENGTH
    ? text
    : `${text.slice(0, MAX_ENTRY_LENGTH)}… (${text.length} characters)`;
}
