import { expect, test } from 'vitest';
import { MetaCommandError, splitScript } from './split.ts';

const statements = (script: string) => [...splitScript(script)].map(({ sql }) => sql);

test('semicolons divide, with or without one at the end', () => {
  expect(statements('SELECT 1; SELECT 2')).toEqual(['SELECT 1', 'SELECT 2']);
  expect(statements('\ufeff;; SELECT 1;\n;')).toEqual(['SELECT 1']);
  expect(statements(' -- nothing\n/* at; all /* nested; */ */ ')).toEqual([]);
});

test.each([
  `SELECT 'a;''b;'`,
  `SELECT E'it\\'s;'`,
  `SELECT 'c:\\'`,
  `SELECT "a;""b"`,
  `SELECT $$a;$$`,
  `SELECT $tag$ ; $$ ; $tag$`,
  'SELECT 1 -- a; comment\n + 1',
  'SELECT /* a; /* nested; */ comment; */ 1',
  'CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)',
  'PREPARE p AS SELECT $1; '.slice(0, -2),
  'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END',
  'CREATE OR REPLACE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; END $$',
  'SELECT a$b$c',
])('%s is one statement', (sql) => {
  expect(statements(`${sql};\nSELECT 1;`)).toEqual([sql, 'SELECT 1']);
});

test('BEGIN of a transaction is not the beginning of a body', () => {
  expect(statements('BEGIN; SELECT 1; END; SELECT 2')).toEqual(['BEGIN', 'SELECT 1', 'END', 'SELECT 2']);
});

test('the rows after COPY are no statements', () => {
  const script = `COPY public.t (a, b) FROM stdin;\n1\tone; two\n2\t\\\\.\n\\.\n\nSELECT 1;\nCOPY e FROM stdin;\n\\.\nSELECT 2;`;
  expect([...splitScript(script)]).toEqual([
    { sql: 'COPY public.t (a, b) FROM stdin', line: 1, copy: '1\tone; two\n2\t\\\\.\n' },
    { sql: 'SELECT 1', line: 6, copy: null },
    { sql: 'COPY e FROM stdin', line: 7, copy: '' },
    { sql: 'SELECT 2', line: 9, copy: null },
  ]);
});

test('what ends in the middle of something ends there', () => {
  for (const script of [`SELECT 'open`, 'SELECT "open', 'SELECT $$open', 'SELECT /* open', 'SELECT (1'])
    expect(statements(script)).toEqual([script]);
  expect([...splitScript('COPY t FROM stdin;\n1')]).toMatchObject([{ copy: '1' }]);
});

test('psql’s own commands: harmless ones are passed over, others are named with their line', () => {
  expect(statements('\\restrict abc\nSELECT 1;\n\\unrestrict abc\n')).toEqual(['SELECT 1']);
  expect(() => statements('SELECT 1;\n\n\\connect other\n')).toThrow(MetaCommandError);
  expect(() => statements('SELECT 1;\n\n\\connect other\n')).toThrow('\\connect in line 3');
});

test('a script of many megabytes is split in linear time', () => {
  const script = `INSERT INTO t VALUES ('${'x'.repeat(50)}', 1);\n`.repeat(100_000);
  const start = performance.now();
  expect(statements(script)).toHaveLength(100_000);
  expect(performance.now() - start).toBeLessThan(5_000);
});
