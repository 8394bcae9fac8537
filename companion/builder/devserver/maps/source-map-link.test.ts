import { expect, it } from 'vitest';
import { linkOfEvaluated, linkOfScript } from './source-map-link.ts';

const MAP = JSON.stringify({ version: 3, sources: ['a.js'], mappings: 'AAAA' });
const DATA = `data:application/json;charset=utf-8;base64,${Buffer.from(MAP).toString('base64')}`;
const read = (text: string) => linkOfScript(Buffer.from(text));
const map = { map: Buffer.from(MAP) };

it.each([
  ['an address', 'run();\n//# sourceMappingURL=main.js.map\n', { address: 'main.js.map' }],
  ['a comment behind code', 'run();//# sourceMappingURL=/maps/main.js.map', { address: '/maps/main.js.map' }],
  ['an old mark', 'run();\n//@ sourceMappingURL=a.map', { address: 'a.map' }],
  ['a comment of several lines', 'run();\n/*# sourceMappingURL=a.map */\n', { address: 'a.map' }],
  ['a map written into the script', `run();\n//# sourceMappingURL=${DATA}`, map],
  [
    'the last of two',
    'one();\n//# sourceMappingURL=a.map\ntwo();\n//# sourceMappingURL=b.map\n',
    { address: 'b.map' },
  ],
  ['nothing', 'run();\n', null],
  ['a map that is no base64', 'run();\n//# sourceMappingURL=data:application/json,{}', null],
])('a script says with %s where its map is', (_, text, link) => {
  expect(read(text)).toEqual(link);
});

it('does not take the mark in a text for the script’s own', () => {
  expect(read('const mark = "//# sourceMappingURL=" + name;\n')).toBeNull();
  expect(
    read(`eval("run();\\n//# sourceMappingURL=${DATA}\\n//# sourceURL=webpack-internal:///./a.js\\n");\n`),
  ).toBeNull();
  expect(read(`//# sourceMappingURL=own.map\nlog("\\n//# sourceMappingURL=other.map");`)).toEqual({
    address: 'own.map',
  });
});

it('finds the map of a module that is evaluated by its name', () => {
  const other = Buffer.from(MAP.replace('a.js', 'b.js')).toString('base64');
  const script = Buffer.from(`
eval("one();//# sourceURL=[module]\\n//# sourceMappingURL=data:application/json;base64,${other}\\n//# sourceURL=webpack-internal:///./src/ab.js\\n");
eval("two();//# sourceURL=[module]\\n//# sourceMappingURL=${DATA}\\n//# sourceURL=webpack-internal:///./src/a.js\\n");
eval("three();\\n\\n//# sourceURL=webpack-internal:///./src/bare.js?\\n}");
`);
  const link = (name: string) => linkOfEvaluated(script, `webpack-internal:///./src/${name}`);
  expect(link('a.js')).toEqual(map);
  expect(link('ab.js')).toEqual({ map: Buffer.from(other, 'base64') });
  expect(link('bare.js?')).toBeUndefined();
  expect(link('b.js')).toBeNull();
});
