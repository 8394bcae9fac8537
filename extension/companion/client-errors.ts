import { VitrineError } from '#shared/errors.ts';

/** Nothing answers at the address, or not in time (`afterMs`). */
export function unreachable(baseUrl: string, cause: unknown, afterMs?: number): VitrineError {
  const silence = afterMs === undefined ? 'does not answer' : `did not answer within ${afterMs / 1000} s`;
  return new VitrineError({
    code: 'COMPANION_UNREACHABLE',
    message: `The companion at ${baseUrl} ${silence}.`,
    remedy: 'Start it with `vitrine serve`; this page connects by itself.',
    status: 503,
    cause,
  });
}

/** The companion knows neither token nor cookie. */
export function signedOut(): VitrineError {
  return new VitrineError({
    code: 'SIGNED_OUT',
    message: 'This page is not signed in to the companion.',
    remedy: 'Run `vitrine open` for a fresh link.',
    status: 401,
  });
}

/** The answer is not of the contract: another program, or another version. */
export function unexpectedAnswer(path: string, cause: unknown, status = 502): VitrineError {
  return new VitrineError({
    code: 'UNEXPECTED_ANSWER',
    message: `The companion's answer to ${path} is not one this version understands.`,
    remedy: 'Update the extension and the companion to the same version, then reload this page.',
    status,
    cause,
  });
}
