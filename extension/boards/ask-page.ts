import type { BoardTask } from '#shared/extension/target.ts';
import { CARD_READ_EVENT, MAX_ANSWER_LENGTH, READ_CARD_EVENT } from './page-events.ts';
import { readTask } from './read-task.ts';

/** Asks the reader in the page's world for a card's task: null when it knows none, undefined when there is no reader. */
export function askPage(card: Element): BoardTask | null | undefined {
  const document = card.ownerDocument;
  let answer: BoardTask | null | undefined;
  const listen = (event: Event) => {
    answer = parseAnswer((event as CustomEvent<unknown>).detail);
  };
  document.addEventListener(CARD_READ_EVENT, listen, { once: true });
  try {
    card.dispatchEvent(new CustomEvent(READ_CARD_EVENT, { bubbles: true, composed: true }));
  } finally {
    document.removeEventListener(CARD_READ_EVENT, listen);
  }
  return answer;
}

function parseAnswer(detail: unknown): BoardTask | null {
  if (typeof detail !== 'string' || detail.length > MAX_ANSWER_LENGTH) return null;
  try {
    const answer: unknown = JSON.parse(detail);
    if (typeof answer !== 'object' || answer === null) return null;
    const { taskId, title } = answer as { taskId?: unknown; title?: unknown };
    return readTask(taskId, title);
  } catch {
    return null; // not JSON: the page says nothing that could be used
  }
}
