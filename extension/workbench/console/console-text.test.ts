import { expect, it } from 'vitest';
import { makeEntry } from '../testing/sample-data.ts';
import { languageChoice } from '../text/language.ts';
import { consoleText, jsonIn, lineText } from './console-text.ts';

it('writes lines without colours, controls and marks that turn the direction', () => {
  const entry = makeEntry({
    at: 0,
    text: '\u001b[31mred\u001b[0m \u202egnp\u0007',
    stack: 'at x (a.ts:1:2)',
  });
  expect(consoleText([{ id: 1, entry, count: 3 }])).toBe(
    '1970-01-01T00:00:00.000Z backend log red gnp (3 times)\nat x (a.ts:1:2)\n',
  );
});

it('stops at a limit', () => {
  const rows = Array.from({ length: 10 }, (_, id) => ({
    id,
    entry: makeEntry({ text: 'x'.repeat(100) }),
    count: 1,
  }));
  expect(consoleText(rows, 300).split('\n')).toHaveLength(3);
});

it('finds the object that a line is or ends with', () => {
  expect(jsonIn('{"level":30,"msg":"hi"}')?.value).toEqual({ level: 30, msg: 'hi' });
  expect(jsonIn('request {"a":[1]}')).toEqual({ before: 'request ', value: { a: [1] } });
  expect(jsonIn('list [1,2]')?.value).toEqual([1, 2]);
  for (const text of ['', '{}', '[]', 'a }', '{ a: 1 }', 'x [y]', '}', '[app] done'])
    expect(jsonIn(text)).toBeUndefined();
});

it('says Vitrine’s own words in the workbench’s language, and what others printed as it was', () => {
  languageChoice.value = 'de';
  const text = 'There is no file a.ts in the worktree.';
  expect(lineText(makeEntry({ source: 'vitrine', text }))).toBe('Im Worktree gibt es keine Datei a.ts.');
  expect(lineText(makeEntry({ source: 'browser', text }))).toBe(text);
  expect(lineText(makeEntry({ source: 'server', text }))).toBe(text);
  const blocked =
    'http://x.example/ was not loaded: the preview’s content policy forbids it (connect-src). See security.csp_policy in .vibe-kanban/environment.yaml.';
  expect(lineText(makeEntry({ source: 'browser', text: blocked }))).toMatch(
    /^http:\/\/x\.example\/ wurde nicht/,
  );
  languageChoice.value = 'system';
  expect(lineText(makeEntry({ source: 'vitrine', text }))).toBe(text);
});
