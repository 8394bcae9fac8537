import { Script } from 'node:vm';

const IMPORT = /\bawait (__vite_ssr_import__\()/g;

/**
 * Vite's server-side form of a module awaits its imports; the bundler evaluates synchronously. Only a module
 * that awaits at its top level itself stays asynchronous.
 */
export function makeSynchronous(code: string): { code: string; isAsync: boolean } {
  const synchronous = code.replace(IMPORT, '$1');
  if (!/\bawait\b/.test(synchronous) || parses(synchronous)) return { code: synchronous, isAsync: false };
  return { code: synchronous, isAsync: true };
}

function parses(code: string): boolean {
  try {
    new Script(`(function(){"use strict";${code}\n})`);
    return true;
  } catch {
    return false;
  }
}
