import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { Evaluation } from '#shared/api/evaluate.ts';
import { VitrineError } from '#shared/errors.ts';
import type { CompanionToFrame, FrameToCompanion } from '#shared/frame/live.ts';

/** Questions that a page may have open. */
const MAX_OPEN = 8;

type Answer = Extract<FrameToCompanion, { type: 'evaluated' }>;

interface Question {
  page: WebSocket;
  settle(result: Evaluation | VitrineError): void;
}

/** What the workbench asks single pages, and their answers. A question goes to one socket and is answered by it alone. */
export class PageQuestions {
  /** The newest connection of each page that said who it is. */
  readonly #pages = new Map<string, WebSocket>();
  readonly #open = new Map<string, Question>();

  meet(frameId: string, page: WebSocket): void {
    this.#pages.set(frameId, page);
  }

  gone(page: WebSocket): void {
    for (const [frameId, known] of this.#pages) if (known === page) this.#pages.delete(frameId);
    for (const question of this.#open.values()) if (question.page === page) question.settle(pageGone());
  }

  ask(frameId: string, source: string, signal: AbortSignal): Promise<Evaluation> {
    const page = this.#pages.get(frameId);
    if (page?.readyState !== WebSocket.OPEN) return Promise.reject(pageUnknown());
    const open = [...this.#open.values()].filter((question) => question.page === page);
    if (open.length >= MAX_OPEN) return Promise.reject(pageBusy());
    return new Promise((resolve, reject) => {
      const id = randomUUID();
      const onAbort = () => settle(pageSilent());
      const settle = (result: Evaluation | VitrineError): void => {
        this.#open.delete(id);
        signal.removeEventListener('abort', onAbort);
        if (result instanceof VitrineError) reject(result);
        else resolve(result);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#open.set(id, { page, settle });
      page.send(JSON.stringify({ type: 'evaluate', id, source } satisfies CompanionToFrame));
    });
  }

  /** Another page's word, or one that nobody waits for, counts for nothing. */
  answered(page: WebSocket, { id, thrown, value, stack }: Answer): void {
    const question = this.#open.get(id);
    if (question?.page === page) question.settle({ thrown, value, ...(stack !== undefined && { stack }) });
  }
}

/** Whether a page of this very origin connects: the configuration may let others in, for its requests. */
export function isSameOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin !== undefined && host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

const pageUnknown = () =>
  new VitrineError({
    code: 'PAGE_UNKNOWN',
    message: 'The page in the preview is not connected.',
    remedy: 'Reload the preview, then try again.',
    status: 404,
  });

const pageGone = () =>
  new VitrineError({
    code: 'PAGE_GONE',
    message: 'The page was left before it answered.',
    remedy: 'Try again in the page that is open now.',
    status: 409,
  });

const pageBusy = () =>
  new VitrineError({
    code: 'PAGE_BUSY',
    message: `The page has not answered ${MAX_OPEN} earlier questions.`,
    remedy: 'Wait for them, or reload the preview if its code runs without end.',
    status: 429,
  });

const pageSilent = () =>
  new VitrineError({
    code: 'PAGE_SILENT',
    message: 'The page did not answer in time.',
    remedy: 'Its code may still run, or wait for something. Reload the preview to end it.',
    status: 504,
  });
