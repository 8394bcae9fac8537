import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NetworkRequestDetail } from '#shared/api/network.ts';
import { makeDetail, makeRequest } from '../testing/sample-network.ts';
import { asCurl, asFetch } from './copy-request.ts';

const ORIGIN = 'http://cart.localhost:4000';

/** The arguments and the input that a shell gives to curl. */
function givenToCurl(command: string): { args: string[]; input: string } {
  const home = mkdtempSync(join(tmpdir(), 'vitrine-curl-'));
  try {
    writeFileSync(join(home, 'companion.json'), '{"port":1,"pid":2,"token":"t0k-en_"}');
    const program =
      'console.log(JSON.stringify({ args: process.argv.slice(1), input: require("node:fs").readFileSync(0).toString("hex") }))';
    const shell = `curl() { node -e '${program}' -- "$@"; }\n${command}`;
    const options = { encoding: 'utf8', input: '', env: { ...process.env, VITRINE_HOME: home } } as const;
    return JSON.parse(execFileSync('/bin/sh', ['-c', shell], options));
  } finally {
    rmSync(home, { recursive: true });
  }
}

const detailOf = (change: Partial<NetworkRequestDetail>): NetworkRequestDetail => ({
  ...makeDetail(makeRequest({ method: 'POST', url: 'https://api.example/x' })),
  requestBody: undefined,
  requestHeaders: [],
  requestBytes: 0,
  ...change,
});

describe('a request copied as curl', () => {
  it('is the same request, whatever quotes, commands and line breaks it holds', () => {
    const body = `it's "$(touch /tmp/no)" \`id\`\n\\ end`;
    const detail = detailOf({
      method: 'PUT',
      url: "https://api.example/a'b?$(id)&c=[1-3]",
      requestHeaders: [
        ['X-Evil', "'; rm -rf / #"],
        ['X-Empty', ''],
        ['Content-Type', 'text/plain'],
        ['Content-Encoding', 'gzip'],
        ['Accept-Encoding', 'br'],
        ['Host', 'x'],
      ],
      requestBody: { text: body, isCut: false },
      requestBytes: body.length,
    });
    expect(givenToCurl(asCurl(detail, ORIGIN)).args).toEqual([
      "https://api.example/a'b?$(id)&c=[1-3]",
      '--globoff',
      '--request',
      'PUT',
      '--header',
      "X-Evil: '; rm -rf / #",
      '--header',
      'X-Empty;',
      '--header',
      'Content-Type: text/plain',
      '--data-raw',
      body,
    ]);
  });

  it('comes into a preview with the token, which is in the command of nobody', () => {
    const command = asCurl(detailOf({ method: 'GET', url: '/api/x' }), ORIGIN);
    expect(command).not.toContain('t0k-en_');
    expect(givenToCurl(command).args).toEqual([
      `${ORIGIN}/api/x`,
      '--globoff',
      '--header',
      'Authorization: Bearer t0k-en_',
    ]);
  });

  it('sends bytes that are no text, and no type that the request had not', () => {
    const base64 = Buffer.from([0, 1, 39, 255, 10]).toString('base64');
    const body = { text: null, isCut: false, base64 };
    const { args, input } = givenToCurl(asCurl(detailOf({ requestBody: body, requestBytes: 5 }), ORIGIN));
    expect(input).toBe('000127ff0a');
    expect(args.slice(2)).toEqual(['--header', 'Content-Type:', '--data-binary', '@-']);
  });

  it('says what it lacks, in a comment that nothing gets out of', () => {
    const command = asCurl(
      detailOf({
        requestHeaders: [
          ['Authorization', 'Bearer ••••'],
          ['X\nrm -rf', '••••'],
        ],
        requestBody: { text: 'beginning', isCut: true },
        requestBytes: 90_000,
      }),
      ORIGIN,
    );
    expect(command.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(2);
    expect(givenToCurl(command).args).toEqual(['https://api.example/x', '--globoff', '--request', 'POST']);
  });
});

describe('a request copied as fetch', () => {
  async function callsOf(source: string): Promise<unknown[]> {
    const calls: unknown[] = [];
    await new Function('fetch', `return (async () => { ${source} })()`)((...values: unknown[]) =>
      calls.push(values),
    );
    return calls;
  }

  it('is a call that a page may make', async () => {
    const detail = detailOf({
      url: '/api/x',
      requestHeaders: [
        ['content-type', 'application/json'],
        ['cookie', 'a=••••'],
      ],
      requestBody: { text: '{"quantity":2}', isCut: false },
    });
    expect(await callsOf(asFetch(detail, ORIGIN))).toEqual([
      [
        `${ORIGIN}/api/x`,
        { method: 'POST', headers: [['content-type', 'application/json']], body: '{"quantity":2}' },
      ],
    ]);
  });

  it('sends bytes as they were, and says what is missing', async () => {
    const body = { text: null, isCut: false, base64: 'AAH/' };
    expect(await callsOf(asFetch(detailOf({ requestBody: body, requestBytes: 3 }), ORIGIN))).toEqual([
      ['https://api.example/x', { method: 'POST', body: new Uint8Array([0, 1, 255]) }],
    ]);
    const cut = detailOf({ requestBody: { text: 'x', isCut: true }, requestBytes: 70_000 });
    expect(asFetch(cut, ORIGIN)).toMatch(/^\/\/ .+\nawait fetch/);
  });
});
