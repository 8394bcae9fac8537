import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { toBuildError } from './build-error.ts';

describe('toBuildError', () => {
  it('reads what Rollup’s plugins attach', () => {
    const thrown = Object.assign(new Error('Failed to resolve import'), {
      id: '/app/src/a.ts?t=1',
      loc: { file: '/app/src/a.ts', line: 3, column: 7 },
      frame: '\u001b[31m3 | import "./b"\u001b[39m',
    });
    expect(toBuildError(thrown, '/app')).toEqual({
      message: 'Failed to resolve import',
      file: 'src/a.ts',
      line: 3,
      column: 7,
      frame: '3 | import "./b"',
    });
  });

  it('reads the place that Rolldown draws', () => {
    const thrown = Object.assign(
      new Error('Transform failed with 1 error:\n\n[PARSE_ERROR] Expected `,`\n     ╭─[ src/a.tsx:120:1 ]'),
      { id: '/app/src/a.tsx' },
    );
    expect(toBuildError(thrown, '/app')).toMatchObject({ file: 'src/a.tsx', line: 120, column: 1 });
    expect(toBuildError(thrown, '/app').message).toMatch(/^\[PARSE_ERROR\]/);
  });

  it('reads esbuild’s own errors', async () => {
    const thrown = await build({
      stdin: { contents: 'let x = ;', sourcefile: 'vite.config.ts' },
      logLevel: 'silent',
    }).catch((error: unknown) => error);
    expect(toBuildError(thrown, '/app')).toEqual({
      message: 'Unexpected ";"',
      file: 'vite.config.ts',
      line: 1,
      column: 8,
      frame: '1 | let x = ;\n            ^',
    });
  });

  it('finds the project’s own line in a stack', () => {
    const thrown = new Error('no such plugin');
    thrown.stack =
      'Error: no such plugin\n    at load (/app/node_modules/x/y.js:1:1)\n    at file:///app/vite.config.ts:4:11';
    expect(toBuildError(thrown, '/app')).toMatchObject({ file: 'vite.config.ts', line: 4, column: 11 });
  });

  it('takes anything that was thrown', () => {
    expect(toBuildError('just text', '/app')).toEqual({ message: 'just text' });
    expect(toBuildError(null, '/app')).toEqual({ message: 'null' });
  });
});
