import { expect, it } from 'vitest';
import { makeEntry } from '../testing/sample-data.ts';
import { type ConsoleFilter, lineTest, NO_FILTER, regexFault } from './console-filter.ts';

const entries = [
  makeEntry({ source: 'server', level: 'log', text: 'GET /cart 200' }),
  makeEntry({ source: 'vitrine', level: 'info', text: 'Backend started' }),
  makeEntry({ source: 'browser', level: 'warn', text: 'Deprecated' }),
  makeEntry({ source: 'browser', level: 'error', text: 'Uncaught TypeError' }),
];
const passing = (change: Partial<ConsoleFilter>) =>
  entries.filter(lineTest({ ...NO_FILTER, ...change })).map(({ text }) => text);

it('tells page and backend apart; what Vitrine says of the backend belongs to it', () => {
  expect(passing({ source: 'server' })).toEqual(['GET /cart 200', 'Backend started']);
  expect(passing({ source: 'browser' })).toEqual(['Deprecated', 'Uncaught TypeError']);
});

it('shows a level and what is worse', () => {
  expect(passing({ level: 'warn' })).toEqual(['Deprecated', 'Uncaught TypeError']);
  expect(passing({ level: 'info' })).toHaveLength(4);
});

it('finds text in any case, and takes a query for what it is', () => {
  expect(passing({ query: 'typeerror' })).toEqual(['Uncaught TypeError']);
  expect(passing({ query: '.*' })).toEqual([]);
});

it('finds by regular expression, and says what is wrong with one that is none', () => {
  expect(passing({ query: '\\s\\d+$', isRegex: true })).toEqual(['GET /cart 200']);
  expect(passing({ query: '(', isRegex: true })).toHaveLength(4);
  expect(regexFault({ ...NO_FILTER, query: '(', isRegex: true })).toBeTruthy();
  expect(regexFault({ ...NO_FILTER, query: '(' })).toBeUndefined();
});

it('reads through colours', () => {
  const coloured = { ...NO_FILTER, query: 'get /cart' };
  expect(
    lineTest(coloured)({ at: 1, source: 'server', level: 'log', text: '\u001b[2mGET\u001b[0m /cart' }),
  ).toBe(true);
});
