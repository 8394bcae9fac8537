import { beforeAll, expect, describe as group, it } from 'vitest';
import { describe } from './describe.ts';

beforeAll(() => {
  // There is no document here.
  Object.assign(globalThis, { Element: globalThis.Element ?? class {} });
});

group('describe', () => {
  it('fills in placeholders and leaves styles out', () => {
    expect(
      describe(['%cHi %s, %d of %i, %f %o %%', 'color:red', 'Ann', 3.7, '4', 1.5, { a: 1 }, 'rest']),
    ).toBe('Hi Ann, 3 of 4, 1.5 { a: 1 } % rest');
    expect(describe(['100%', 'a'])).toBe('100% a');
  });

  it('writes objects out to a limit', () => {
    const circle: Record<string, unknown> = { name: 'c' };
    circle.self = circle;
    expect(describe([circle])).toBe('{ name: "c", self: [Circular] }');
    expect(describe([{ a: { b: { c: { d: { e: 1 } } } } }])).toContain('[Object]');
    expect(describe([Array.from({ length: 60 }, () => 0)])).toContain('… 10 more');
    expect(describe([new Map([['k', 1]]), new Set([2]), null, undefined, 3n, Symbol('s')])).toBe(
      'Map [["k", 1]] Set [2] null undefined 3n Symbol(s)',
    );
  });

  it('survives what the page’s own getters throw', () => {
    const hostile = {
      get boom(): never {
        throw new Error('no');
      },
    };
    expect(describe([hostile])).toBe('{ boom: [no] }');
  });
});
