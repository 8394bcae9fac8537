import { cp, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

/*
 * Stands in for a coding agent: the board starts it in an attempt's worktree with the task on stdin, and it does
 * what the sentences it knows say:
 *   Apply the overlay `<name>`.
 *   In `<file>`, replace `<old>` with `<new>`.
 * It answers with the lines that the board expects of Claude Code's `--output-format=stream-json`.
 */
const OVERLAYS = resolve(import.meta.dirname, '../../companion/demo/attempts');
const SESSION_ID = '6f1f0b4e-52a4-4c0c-9a39-1d4f0e9a7c11';

const OVERLAY_SENTENCE = /Apply the overlay `([a-z][a-z0-9-]*)`/g;
const REPLACE_SENTENCE = /In `([^`]+)`, replace `([^`]+)` with `([^`]*)`/g;

async function work(prompt: string): Promise<string> {
  const done: string[] = [];
  for (const [, name = ''] of prompt.matchAll(OVERLAY_SENTENCE)) {
    await cp(resolve(OVERLAYS, name), process.cwd(), { recursive: true });
    done.push(`applied ${name}`);
  }
  for (const [, file = '', before = '', after = ''] of prompt.matchAll(REPLACE_SENTENCE)) {
    const content = await readFile(file, 'utf8');
    if (!content.includes(before)) throw new Error(`${file} holds no ${before}`);
    await writeFile(
      file,
      content.replace(before, () => after),
    );
    done.push(`edited ${file}`);
  }
  return done.join(', ') || 'nothing to do';
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify({ ...line, session_id: SESSION_ID })}\n`);
}

const prompt = await text(process.stdin);
say({ type: 'system', subtype: 'init', cwd: process.cwd(), tools: [], model: 'scripted' });
let result: string;
try {
  result = await work(prompt);
} catch (thrown) {
  result = String(thrown);
  process.exitCode = 1;
}
const content = [{ type: 'text', text: result }];
say({
  type: 'assistant',
  message: { id: 'message', type: 'message', role: 'assistant', model: 'scripted', content },
});
say({
  type: 'result',
  subtype: 'success',
  is_error: process.exitCode === 1,
  duration_ms: 1,
  num_turns: 1,
  result,
});
