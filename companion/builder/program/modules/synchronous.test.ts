import { describe, expect, it } from 'vitest';
import { makeSynchronous } from './synchronous.ts';

describe('makeSynchronous', () => {
  it('imports without waiting', () => {
    expect(
      makeSynchronous('const a = await __vite_ssr_import__("/a.js");\nconst f = async () => { await a; };'),
    ).toEqual({
      code: 'const a = __vite_ssr_import__("/a.js");\nconst f = async () => { await a; };',
      isAsync: false,
    });
  });

  it('knows a module that awaits at its top level', () => {
    expect(makeSynchronous('const a = await fetch("/x");').isAsync).toBe(true);
  });
});
