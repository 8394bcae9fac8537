import { describe, expect, it } from 'vitest';
import { parseAnsi } from './ansi.ts';

const ESC = '\u001b';

describe('parseAnsi', () => {
  it('leaves plain text alone', () => {
    expect(parseAnsi('GET /api 200')).toEqual([{ text: 'GET /api 200' }]);
    expect(parseAnsi('')).toEqual([]);
  });

  it('follows colours and styles until they are reset', () => {
    expect(parseAnsi(`${ESC}[1;31merror${ESC}[22m: ${ESC}[39mx${ESC}[0m!`)).toEqual([
      { text: 'error', bold: true, color: 'var(--ansi-1)' },
      { text: ': ', color: 'var(--ansi-1)' },
      { text: 'x' },
      { text: '!' },
    ]);
  });

  it('knows bright, 256 and true colours, in both spellings', () => {
    const colors = (line: string) => parseAnsi(line).map(({ color, background }) => color ?? background);
    expect(colors(`${ESC}[92ma${ESC}[104mb`)).toEqual(['var(--ansi-10)', 'var(--ansi-10)']);
    expect(colors(`${ESC}[38;5;196ma`)).toEqual(['rgb(255 0 0)']);
    expect(colors(`${ESC}[48;5;244ma`)).toEqual(['rgb(128 128 128)']);
    expect(colors(`${ESC}[38:2:1:2:300ma`)).toEqual(['rgb(1 2 255)']);
    expect(colors(`${ESC}[38;5;3ma`)).toEqual(['var(--ansi-3)']);
  });

  it('swaps colours when inverse', () => {
    expect(parseAnsi(`${ESC}[7;31ma`)).toEqual([
      { text: 'a', color: 'var(--ground)', background: 'var(--ansi-1)' },
    ]);
  });

  it('drops what moves cursors, sets titles, makes links, and bare controls', () => {
    const line = `${ESC}[2J${ESC}[1A${ESC}]0;title\u0007a${ESC}]8;;http://evil${ESC}\\b${ESC}]8;;${ESC}\\c\u0000\u0007\u009bd`;
    expect(
      parseAnsi(line)
        .map((run) => run.text)
        .join(''),
    ).toBe('abcd');
  });

  it('keeps markup as the text it is', () => {
    expect(parseAnsi('<img src=x onerror=alert(1)>')).toEqual([{ text: '<img src=x onerror=alert(1)>' }]);
  });

  it('survives broken and endless sequences quickly', () => {
    expect(parseAnsi(`${ESC}[38;5m${ESC}[38ma${ESC}`)).toEqual([{ text: 'a' }]);
    const started = performance.now();
    parseAnsi(`${ESC}[`.repeat(8_000));
    parseAnsi(`${ESC}]`.repeat(8_000));
    parseAnsi(`${ESC}[${'1;'.repeat(8_000)}m`);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
