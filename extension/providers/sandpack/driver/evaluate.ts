import type { Evaluation } from '#shared/api/evaluate.ts';
import { MAX_ENTRY_LENGTH } from '#shared/frame/page.ts';
import type { ConsoleValue } from '#shared/realtime/console-value.ts';

/**
 * Runs a text as the page's own code and tells what it came to. Asked for over the live socket alone: a window message
 * cannot get here.
 */
export async function evaluate(source: string, look: (value: unknown) => ConsoleValue): Promise<Evaluation> {
  try {
    const { value } = await run(source);
    return { thrown: false, value: look(value) };
  } catch (error) {
    const stack = error instanceof Error ? error.stack?.slice(0, MAX_ENTRY_LENGTH) : undefined;
    return { thrown: true, value: look(error), ...(stack !== undefined && { stack }) };
  }
}

/** Held in an object: a promise stays one unless the text itself awaits it. */
async function run(source: string): Promise<{ value: unknown }> {
  // Called by another name, it sees the page's scope and not this one.
  // biome-ignore lint/security/noGlobalEval: evaluating is what was asked for
  const globally = globalThis.eval;
  if (/^\s*\{/.test(source) && compiles(`return (${source}\n)`)) return { value: globally(`(${source}\n)`) };
  if (!/\bawait\b/.test(source) || compiles(source)) return { value: globally(source) };
  const body = compiles(`return async () => (${source}\n)`) ? `(${source}\n)` : `{${source}\n}`;
  return { value: await globally(`(async () => ${body})()`) };
}

/** Whether a text is a function's body; it is not run. */
function compiles(body: string): boolean {
  try {
    new Function(body);
    return true;
  } catch {
    return false;
  }
}
