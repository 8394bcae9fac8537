import { expect, test } from 'vitest';
import { LastLines } from './last-lines.ts';

function lastOf(text: string, most = 3): readonly string[] {
  const last = new LastLines(most);
  for (const line of text.split('\n')) last.note(line);
  return last.all;
}

test('keeps the error that Node prints above its stack', () => {
  const printed = `Connecting …
file:///w/server.js:1
throw new Error("no such table");
      ^

Error: no such table
    at file:///w/server.js:1:7
    at ModuleJob.run (node:internal/modules/esm/module_job:377:25)
    at async node:internal/modules/run_main:101:5

Node.js v24.9.0`;
  expect(lastOf(printed)).toEqual([
    'file:///w/server.js:1',
    'throw new Error("no such table");',
    'Error: no such table',
  ]);
});

test('keeps the last line of a Python traceback, which names the error', () => {
  const printed = `Traceback (most recent call last):
  File "app.py", line 3, in <module>
    connect()
ValueError: no address`;
  expect(lastOf(printed, 2)).toEqual(['    connect()', 'ValueError: no address']);
});

test('keeps Ruby’s message and leaves out where it came from', () => {
  expect(lastOf("app.rb:2:in `boot': no database (RuntimeError)\n\tfrom app.rb:5:in `<main>'")).toEqual([
    "app.rb:2:in `boot': no database (RuntimeError)",
  ]);
});

test('keeps a stack where there is nothing else, and cuts what is long', () => {
  expect(lastOf('\n    at main (a.js:1:1)')).toEqual(['    at main (a.js:1:1)']);
  expect(lastOf('x'.repeat(1_000))[0]).toHaveLength(300);
});
