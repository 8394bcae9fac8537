// @vitest-environment happy-dom
import { expect, describe as group, it } from 'vitest';
import { writeValue } from '#shared/realtime/write-value.ts';
import { EVALUATED, lookAt } from '../shim/look-at-value.ts';
import { evaluate } from './evaluate.ts';

const look = (value: unknown) => lookAt(value, EVALUATED);

const answer = async (source: string) => {
  const { thrown, value } = await evaluate(source, look);
  return (thrown ? 'threw ' : '') + writeValue(value);
};

group('evaluate', () => {
  it.each([
    ['1 + 1', '2'],
    ['{ a: 1 }', '{ a: 1 }'],
    ['{ let x = 3; x * 2 }', '6'],
    ['var kept = 4; kept', '4'],
    ['await Promise.resolve([5])', '[5]'],
    ['const r = await Promise.resolve(6); globalThis.later = r', '6'],
    ['await 1; 42', '42'],
    ['const a = await 2\nconst b = a + 1;\nb;\n', '3'],
    ['await 3 // x; nowhere', '3'],
    ['let s = await "a;b"; s + ";"', '"a;b;"'],
    ['const c = await 5\n+ 1', 'undefined'],
    ['if (await true) { 9 }', 'undefined'],
    ['Promise.resolve(7)', 'Promise {}'],
    ['"await"', '"await"'],
    ['// nothing', 'undefined'],
    ['throw new TypeError("no")', 'threw TypeError: no'],
    ['throw 8', 'threw 8'],
  ])('%s', async (source, expected) => {
    expect(await answer(source)).toBe(expected);
  });

  it('tells a fault of the text itself, and runs nothing twice', async () => {
    expect(await answer('1 +')).toMatch(/^threw SyntaxError/);
    Reflect.set(globalThis, 'runs', 0);
    await evaluate('{ a: [++runs, JSON.parse("x")] }', look);
    expect(Reflect.get(globalThis, 'runs')).toBe(1);
  });

  it('sees the page’s names and not those of the script around', async () => {
    expect(await answer('typeof compiles + typeof source')).toBe('"undefinedundefined"');
  });
});
