// @vitest-environment happy-dom
import { expect, describe as group, it } from 'vitest';
import { describe } from './describe.ts';

const textOf = (...printed: unknown[]) => describe(printed).text;

group('describe', () => {
  it('fills in placeholders and leaves styles out', () => {
    expect(textOf('%cHi %s, %d of %i, %f %o %%', 'color:red', 'Ann', 3.7, '4', 1.5, { a: 1 }, 'rest')).toBe(
      'Hi Ann, 3 of 4, 1.5 { a: 1 } % rest',
    );
    expect(textOf('100%', 'a')).toBe('100% a');
    expect(textOf('%d', Symbol('no number'))).toBe('NaN');
  });

  it('writes objects out to a limit', () => {
    const circle: Record<string, unknown> = { name: 'c' };
    circle.self = circle;
    expect(textOf(circle)).toBe('{ name: "c", self: [Circular] }');
    expect(textOf({ a: { b: { c: { d: { e: { f: 1 } } } } } })).toContain('[Object]');
    expect(textOf(Array.from({ length: 60 }, () => 0))).toContain('… 10 more');
    expect(textOf(new Map([['k', 1]]), new Set([2]), null, undefined, 3n, Symbol('s'), -0)).toBe(
      'Map(1) {"k" => 1} Set(1) {2} null undefined 3n Symbol(s) -0',
    );
  });

  it('tells values beside the text only where there is more to see', () => {
    expect(describe(['plain', 1, {}]).values).toBeUndefined();
    expect(describe(['n %d', 2, { a: 1 }]).values).toEqual([
      { type: 'string', text: 'n 2' },
      {
        type: 'object',
        text: 'Object',
        size: 1,
        entries: [{ key: 'a', value: { type: 'number', text: '1' } }],
      },
    ]);
    expect(describe(Array.from({ length: 40 }, (_, a) => ({ a }))).values).toHaveLength(20);
  });
});
