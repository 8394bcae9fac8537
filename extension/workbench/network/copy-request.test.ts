import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { makeDetail, makeRequest } from '../testing/sample-network.ts';
import { asCurl, asFetch } from './copy-request.ts';

const ORIGIN = 'http://cart.localhost:4000';

/** The arguments a shell makes of a command line. */
function argumentsOf(command: string): string[] {
  const shown = command.replace(/^curl/, 'node -e "console.log(JSON.stringify(process.argv.slice(1)))" --');
  return JSON.parse(execFileSync('/bin/sh', ['-c', shown], { encoding: 'utf8' })) as string[];
}

describe('a request copied as curl', () => {
  it('is the same request, whatever quotes, commands and line breaks it holds', () => {
    const body = `it's "$(touch /tmp/no)" \`id\`\n\\ end`;
    const detail = {
      ...makeDetail(makeRequest({ method: 'PUT', url: "/a'b?$(id)&c=[1-3]" })),
      requestHeaders: [
        ['X-Evil', "'; rm -rf / #"],
        ['Host', 'x'],
      ] as [string, string][],
      requestBody: { text: body, isCut: false },
    };
    expect(argumentsOf(asCurl(detail, ORIGIN))).toEqual([
      `${ORIGIN}/a'b?$(id)&c=[1-3]`,
      '--globoff',
      '--request',
      'PUT',
      '--header',
      "X-Evil: '; rm -rf / #",
      '--data-raw',
      body,
    ]);
  });
});

describe('a request copied as fetch', () => {
  it('is a call that a page may make', () => {
    const detail = {
      ...makeDetail(makeRequest({ method: 'POST', url: '/api/x' })),
      requestHeaders: [
        ['content-type', 'application/json'],
        ['cookie', 'a=b'],
      ] as [string, string][],
    };
    const calls: unknown[] = [];
    const source = asFetch(detail, ORIGIN).replace(/^await /, 'return ');
    new Function('fetch', source)((...values: unknown[]) => calls.push(values));
    expect(calls).toEqual([
      [
        `${ORIGIN}/api/x`,
        { method: 'POST', headers: [['content-type', 'application/json']], body: '{"quantity":2}' },
      ],
    ]);
  });
});
