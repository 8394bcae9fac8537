import { expect, it } from 'vitest';
import { fillTemplate, shapeOf, Template } from './template.ts';

it('finds the values of a text that was made of it, and none in others', () => {
  const template = new Template('{server} is version {version}; {oldest} or newer is needed');
  expect(template.valuesIn('The server is version 9; 13 or newer is needed')).toEqual({
    server: 'The server',
    version: '9',
    oldest: '13',
  });
  expect(template.valuesIn('The server is version 9')).toBeUndefined();
  expect(template.valuesIn(' is version ;  or newer is needed')).toEqual({
    server: '',
    version: '',
    oldest: '',
  });
});

it('does not use the same characters twice', () => {
  expect(new Template('ab{x}ba').valuesIn('aba')).toBeUndefined();
  expect(new Template('{x}: {y}.').valuesIn('a: b: c.')).toEqual({ x: 'a', y: 'b: c' });
});

it('is itself where it has no values', () => {
  expect(new Template('none needed').valuesIn('none needed')).toEqual({});
  expect(new Template('none needed').valuesIn('none needed!')).toBeUndefined();
});

it('is filled once: what a value holds is no placeholder', () => {
  expect(fillTemplate('{a} and {b}', { a: '{b}', b: '$&' })).toBe('{b} and $&');
});

it('has a shape without names', () => {
  expect(shapeOf('{a} and {b}')).toBe(shapeOf('{c} and {d}'));
});
