import { describe, expect, it } from 'vitest';
import { nativeHostError } from './native-host-error.ts';

describe('what a browser says about the native host', () => {
  it.each([
    ['Specified native messaging host not found.', 'COMPANION_NOT_INSTALLED'],
    ['No such native application com.vitrine.companion', 'COMPANION_NOT_INSTALLED'],
    ['Access to the specified native messaging host is forbidden.', 'COMPANION_NOT_ALLOWED'],
  ])('"%s" means %s, and `vitrine install` mends it', (reason, code) => {
    const error = nativeHostError(reason);
    expect(error.code).toBe(code);
    expect(error.remedy).toContain('`vitrine install`');
  });

  it.each([
    ['Native host has exited.', 'COMPANION_FAILED'],
    ['Error when communicating with the native messaging host.', 'COMPANION_FAILED'],
    ['timeout', 'COMPANION_SLOW'],
  ])('"%s" means %s, keeps the words as cause, and sends to `vitrine doctor`', (reason, code) => {
    const error = nativeHostError(reason);
    expect(error.code).toBe(code);
    expect(error.remedy).toContain('`vitrine doctor`');
    expect(error.cause).toEqual(new Error(reason));
  });
});
