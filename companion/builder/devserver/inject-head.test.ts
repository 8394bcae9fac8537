import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { InjectHead } from './inject-head.ts';

async function inject(...chunks: string[]): Promise<string> {
  const injecting = Readable.from(chunks.map((chunk) => Buffer.from(chunk))).pipe(new InjectHead('[X]'));
  const parts: Buffer[] = [];
  for await (const part of injecting as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}

it('puts the text first in the head, wherever the chunks end', async () => {
  const page = '<!doctype html><html lang="é"><head data-a="b"><title>ü</title></head><body>é</body></html>';
  const expected = page.replace('data-a="b">', 'data-a="b">[X]');
  for (let at = 0; at <= page.length; at += 7) {
    expect(await inject(page.slice(0, at), page.slice(at))).toBe(expected);
  }
});

it('does as a parser would with a document that has no head', async () => {
  expect(await inject('<!doctype html><html><body>a')).toBe('<!doctype html><html>[X]<body>a');
  expect(await inject('<!doctype html>\n<p>a')).toBe('<!doctype html>[X]\n<p>a');
  expect(await inject('a')).toBe('[X]a');
  expect(await inject('')).toBe('[X]');
  expect(await inject('<header>a</header>')).toBe('[X]<header>a</header>');
});

it('holds nothing back once the head was there', async () => {
  const injecting = new InjectHead('[X]');
  injecting.write('<head>');
  expect(String(injecting.read())).toBe('<head>[X]');
  injecting.write('more');
  expect(String(injecting.read())).toBe('more');
});

it('does not look for a head for ever', async () => {
  const comment = `<!doctype html><!--${'-'.repeat(40_000)}`;
  expect(await inject(comment, '--><head>')).toBe(`${comment.replace('html>', 'html>[X]')}--><head>`);
});
