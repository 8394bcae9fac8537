import { signal } from '@preact/signals';
import type { Evaluation } from '#shared/api/evaluate.ts';
import { toVitrineError } from '#shared/errors.ts';
import { writeValue } from '#shared/realtime/write-value.ts';
import type { ConsoleBuffer } from './console-buffer.ts';
import { InputHistory } from './input-history.ts';

interface EvaluatorOptions {
  buffer: ConsoleBuffer;
  /** Runs a text in the page that is shown. */
  run(source: string): Promise<Evaluation>;
}

/** The console's input line: what is typed goes to the page, and both it and what it came to into the console. */
export class Evaluator {
  /** What the field holds. */
  readonly draft = signal('');
  /** How many lines were evaluated so far: whoever asks wants to see the answer. */
  readonly asked = signal(0);
  /** How many are on their way. */
  readonly running = signal(0);
  readonly #options: EvaluatorOptions;
  readonly #history = new InputHistory();

  constructor(options: EvaluatorOptions) {
    this.#options = options;
  }

  /** Evaluates the draft. Never rejects: what went wrong is a line, too. */
  async submit(): Promise<void> {
    const source = this.draft.peek();
    if (source.trim() === '') return;
    const { buffer, run } = this.#options;
    this.draft.value = '';
    this.#history.add(source);
    this.running.value += 1;
    this.asked.value += 1;
    buffer.push({ at: Date.now(), source: 'browser', level: 'log', text: source, role: 'input' });
    try {
      const { thrown, value, stack } = await run(source);
      const said = value.type === 'error' || value.type === 'string' ? value.text : writeValue(value);
      buffer.push({
        at: Date.now(),
        source: 'browser',
        level: thrown ? 'error' : 'log',
        text: thrown ? said : writeValue(value),
        role: 'result',
        ...(stack !== undefined && { stack }),
        ...(value.entries?.length && { values: [value] }),
      });
    } catch (failure) {
      const { message, remedy } = toVitrineError(failure);
      const text = `${message}\n${remedy}`;
      buffer.push({ at: Date.now(), source: 'vitrine', level: 'error', text, role: 'result' });
    } finally {
      this.running.value -= 1;
    }
  }

  /** Takes up an earlier or later line. Answers whether there was one. */
  recall(by: -1 | 1): boolean {
    const line = this.#history.step(by, this.draft.peek());
    if (line === undefined) return false;
    this.draft.value = line;
    return true;
  }
}
