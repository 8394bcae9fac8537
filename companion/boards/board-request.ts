import { VitrineError } from '#shared/errors.ts';

/** Boards are local or near; one that takes longer is stuck. */
const DEADLINE_MS = 5_000;
/** Largest answer read, bytes. A thousand tasks with long descriptions are a few megabytes. */
const MAX_BYTES = 16 * 1024 * 1024;

/** What a board answered; JSON only where it said that it is JSON. */
export type BoardAnswer =
  | { kind: 'json'; status: number; body: unknown }
  /** A page, plain text or nothing: an unknown path of a single-page app answers 200 with HTML. */
  | { kind: 'other'; status: number; contentType: string };

/** One GET to a board, without Origin, cookie or redirect. Rejects with BOARD_UNREACHABLE or BOARD_ANSWER_INVALID. */
export async function askBoard(origin: string, path: string, signal: AbortSignal): Promise<BoardAnswer> {
  signal.throwIfAborted();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  try {
    const response = await fetch(new URL(path, origin), {
      headers: { accept: 'application/json' },
      redirect: 'manual',
      signal: deadline,
    });
    const { status } = response;
    const contentType = response.headers.get('content-type') ?? '';
    if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType)) {
      await response.body?.cancel();
      return { kind: 'other', status, contentType: contentType.slice(0, 100) };
    }
    return { kind: 'json', status, body: parseJson(await readText(response), origin, path) };
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof VitrineError) throw thrown;
    throw unreachable(origin, thrown);
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop by throwing cancels the rest of the body.
    if (bytes > MAX_BYTES) throw invalid(`more than ${MAX_BYTES / 1024 / 1024} MB`, response.url);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseJson(text: string, origin: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid('broken JSON', origin + path, cause);
  }
}

/** `deadlineMs` is how long it was waited for, should that have been the reason. */
export function unreachable(origin: string, cause: unknown, deadlineMs = DEADLINE_MS): VitrineError {
  const late = cause instanceof Error && cause.name === 'TimeoutError';
  return new VitrineError({
    code: 'BOARD_UNREACHABLE',
    message: late
      ? `The board at ${origin} did not answer within ${deadlineMs / 1000} seconds.`
      : `The board at ${origin} could not be reached.`,
    remedy: 'Start the board, or check its address.',
    status: 502,
    cause,
  });
}

/** An answer that no known version of the board gives. */
export function invalid(what: string, where: string, cause?: unknown): VitrineError {
  return new VitrineError({
    code: 'BOARD_ANSWER_INVALID',
    message: `The board answered ${where} with ${what}.`,
    remedy: 'Check that the address is the board’s own, and whether its version is a known one.',
    status: 502,
    cause,
  });
}
