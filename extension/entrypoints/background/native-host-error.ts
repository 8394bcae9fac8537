import { VitrineError } from '#shared/errors.ts';

const INSTALL = 'Run `vitrine install` in a terminal.';

/**
 * What the browser's words about a native host mean. The words (Chromium 156, Firefox 153): "Specified native messaging
 * host not found.", "Access to the specified native messaging host is forbidden.", "Native host has exited.", "No such
 * native application …". A host whose manifest does not name this extension is "forbidden" in Chromium and "No such"
 * in Firefox.
 */
export function nativeHostError(reason: string): VitrineError {
  const cause = new Error(reason);
  if (/not found|no such native application/i.test(reason)) {
    return new VitrineError({
      code: 'COMPANION_NOT_INSTALLED',
      message: 'The Vitrine companion is not installed for this browser.',
      remedy: INSTALL,
      cause,
    });
  }
  if (/forbidden/i.test(reason)) {
    return new VitrineError({
      code: 'COMPANION_NOT_ALLOWED',
      message: 'The installed Vitrine companion does not know this extension.',
      remedy: INSTALL,
      cause,
    });
  }
  if (reason === 'timeout') {
    return new VitrineError({
      code: 'COMPANION_SLOW',
      message: 'The Vitrine companion did not answer in time.',
      remedy: 'Run `vitrine doctor` in a terminal to see what holds it up.',
      cause,
    });
  }
  return new VitrineError({
    code: 'COMPANION_FAILED',
    message: 'The Vitrine companion could not be started.',
    remedy: 'Run `vitrine doctor` in a terminal; if it finds nothing, run `vitrine install` again.',
    cause,
  });
}
