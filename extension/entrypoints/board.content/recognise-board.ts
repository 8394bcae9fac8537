import type { BoardPage, OpenBoard } from '../../boards/board-adapter.ts';
import { boardAdapters } from '../../boards/registry.ts';

/** A board that draws itself by script has its title by then. */
const GIVE_UP_AFTER_LOAD_MS = 10_000;

/** Waits until the page can be told to be a board, and opens it. Null when it is none, or the script ended. */
export async function recogniseBoard(page: BoardPage): Promise<OpenBoard | null> {
  const { document, location, signal } = page;
  const recognise = () => boardAdapters.find((adapter) => adapter.recognise(document, location));
  const adapter = recognise() ?? (await waitFor(recognise, document, signal));
  return adapter && !signal.aborted ? adapter.open(page) : null;
}

/** The first result of `look` that is not undefined, looked for whenever the head of the document changes. */
function waitFor<Result>(
  look: () => Result | undefined,
  document: Document,
  signal: AbortSignal,
): Promise<Result | undefined> {
  return new Promise((resolve) => {
    const finished = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const finish = (result: Result | undefined) => {
      clearTimeout(timer);
      observer.disconnect();
      finished.abort();
      resolve(result);
    };
    const check = () => {
      const result = look();
      if (result !== undefined) finish(result);
    };
    const observer = new MutationObserver(check);
    const watchHead = () => {
      if (document.head)
        observer.observe(document.head, { childList: true, subtree: true, characterData: true });
      check();
    };
    const giveUpLater = () => {
      watchHead();
      if (!finished.signal.aborted) timer = setTimeout(() => finish(undefined), GIVE_UP_AFTER_LOAD_MS);
    };
    signal.addEventListener('abort', () => finish(undefined), { signal: finished.signal });
    if (document.readyState === 'complete') return giveUpLater();
    document.addEventListener('DOMContentLoaded', watchHead, { signal: finished.signal });
    window.addEventListener('load', giveUpLater, { signal: finished.signal });
  });
}
