import { useLayoutEffect, useRef } from 'preact/hooks';
import { MAX_EVALUATED_LENGTH } from '#shared/api/evaluate.ts';
import { ForwardIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import type { Evaluator } from './evaluator.ts';

/** Lines that the field grows to. */
const MOST_ROWS = 8;

/** Runs what is typed in the page that is shown. Enter evaluates, Shift+Enter is a new line, the arrows go back. */
export function ConsoleInput({ evaluator }: { evaluator: Evaluator }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = evaluator.draft.value;
  const recalled = useRef(false);
  useLayoutEffect(() => {
    if (!recalled.current) return;
    recalled.current = false;
    field.current?.setSelectionRange(draft.length, draft.length);
  }, [draft]);

  const onKeyDown = (event: KeyboardEvent) => {
    const element = field.current;
    // The Enter that ends the composing of a character is not one of ours.
    if (!element || event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void evaluator.submit();
      return;
    }
    const { selectionStart: caret, value } = element;
    const isAtTop = !value.slice(0, caret).includes('\n');
    const isAtEnd = !value.slice(caret).includes('\n');
    const by = event.key === 'ArrowUp' && isAtTop ? -1 : event.key === 'ArrowDown' && isAtEnd ? 1 : undefined;
    if (by === undefined || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!evaluator.recall(by)) return;
    event.preventDefault();
    recalled.current = true;
  };

  return (
    <div class="console-input" data-busy={evaluator.running.value > 0}>
      <ForwardIcon />
      <textarea
        ref={field}
        class="console-field"
        rows={Math.min(MOST_ROWS, draft.split('\n').length)}
        maxLength={MAX_EVALUATED_LENGTH}
        value={draft}
        placeholder={text('console.input')}
        title={text('console.input.hint')}
        aria-label={text('console.input')}
        aria-busy={evaluator.running.value > 0}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        onInput={(event) => (evaluator.draft.value = event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
