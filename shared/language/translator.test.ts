import { expect, it } from 'vitest';
import { makeTranslator } from './translator.ts';

const translate = makeTranslator({
  'There is no file {path} in the worktree.': 'Im Worktree gibt es keine Datei {path}.',
  'There is no {what}.': 'Es gibt kein {what}.',
  'List the files to see what there is.': 'Lass dir die Dateien auflisten.',
  '{path} could not be written: {reason}.': '{path} konnte nicht geschrieben werden: {reason}.',
  '{count} of {total} are left': 'von {total} sind {count} übrig',
  '{service} exited with code {code}.{lines}': '{service} hat sich mit Code {code} beendet.{lines}',
  'The service "{name}"': 'Der Dienst „{name}“',
  'Its last lines: {lines}': 'Die letzten Zeilen: {lines}',
  'none needed': 'keine nötig',
});

it('says a sentence in the other language, with its values', () => {
  expect(translate('There is no file src/a.ts in the worktree.')).toBe(
    'Im Worktree gibt es keine Datei src/a.ts.',
  );
  expect(translate('3 of 5 are left')).toBe('von 5 sind 3 übrig');
});

it('leaves what it does not know, and what only begins or ends alike', () => {
  for (const text of [
    'Failed to resolve import "x" from "src/app.tsx".',
    'There is no file src/a.ts in the worktree',
    'there is no thing.',
    '',
    '  ',
  ])
    expect(translate(text)).toBe(text);
});

it('translates what a value says, as far as it is known', () => {
  expect(translate('The service "api" exited with code 1. Its last lines: boom ⏎ bang')).toBe(
    'Der Dienst „api“ hat sich mit Code 1 beendet. Die letzten Zeilen: boom ⏎ bang',
  );
  expect(translate('a.txt could not be written: There is no space..')).toBe(
    'a.txt konnte nicht geschrieben werden: Es gibt kein space..',
  );
});

it('translates sentences one after the other, lines, lists, and what is said of a name', () => {
  expect(translate('There is no file a in the worktree. List the files to see what there is.')).toBe(
    'Im Worktree gibt es keine Datei a. Lass dir die Dateien auflisten.',
  );
  expect(translate('List the files to see what there is. Or do not.')).toBe(
    'Lass dir die Dateien auflisten. Or do not.',
  );
  expect(translate('none needed\n  at main.ts:3\nnone needed')).toBe(
    'keine nötig\n  at main.ts:3\nkeine nötig',
  );
  expect(translate('none needed; api: none needed')).toBe('keine nötig; api: keine nötig');
});

it('translates a list around what is only named in it', () => {
  expect(translate('none needed; backend: npm start; 3 of 5 are left')).toBe(
    'keine nötig; backend: npm start; von 5 sind 3 übrig',
  );
  expect(translate('error: foo; bar: baz')).toBe('error: foo; bar: baz');
});

it('keeps values as they are, whatever they hold', () => {
  for (const value of ['<b>$&</b>', '{path}', '{reason}', '$1', '‮txt.exe', 'a\nb', '.'])
    expect(translate(`There is no file ${value} in the worktree.`)).toBe(
      `Im Worktree gibt es keine Datei ${value}.`,
    );
});

it('is done with hostile texts at once', () => {
  const long = 'a could not be written: '.repeat(600);
  const startedAt = performance.now();
  translate(long);
  translate(`${'. '.repeat(8_000)}x`);
  translate('there is no '.repeat(100_000));
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});
