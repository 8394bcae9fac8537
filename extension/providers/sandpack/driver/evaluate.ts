import type { Evaluation } from '#shared/api/evaluate.ts';
import { MAX_ENTRY_LENGTH } from '#shared/frame/page.ts';
import type { ConsoleValue } from '#shared/realtime/console-value.ts';

/** Ends of statements that are tried, from the last on. */
const MAX_STATEMENTS = 50;
/** A line that begins so belongs to the one before. */
const GOES_ON = /^\s*[-+*/%.,?:&|^<>=([`)\]}]/;

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
  return { value: await globally(`(async () => ${asyncBody(source)})()`) };
}

/** A text that awaits as the body of an async function that answers with what its last statement comes to. */
function asyncBody(source: string): string {
  if (compiles(`return async () => (${source}\n)`)) return `(${source}\n)`;
  const text = source.replace(/[\s;]+$/, '');
  const ends = [...text.matchAll(/[;\n]/g)].map(({ index }) => index + 1).slice(-MAX_STATEMENTS);
  for (const end of ends.reverse()) {
    const [before, last] = [text.slice(0, end), text.slice(end)];
    // In one line, so that what is in a comment stays there.
    const body = `{${before} return (${last}\n)}`;
    if (last.trim() !== '' && !GOES_ON.test(last) && compiles(`return async () => ${body}`)) return body;
  }
  return `{${source}\n}`;
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
