import { expect, it } from 'vitest';
import { answerHead, nonceOf, policies } from './answer-head.ts';

const place = { port: 3_000, origin: 'http://blue.localhost:9000' };

it('leaves framing to the preview and keeps the rest', () => {
  const head = answerHead(
    { 'x-frame-options': 'DENY', connection: 'keep-alive, x-hop', 'x-hop': '1', 'x-app': 'yes', etag: '"a"' },
    place,
  );
  expect(head).toEqual({ 'x-app': 'yes', etag: '"a"' });
});

it('turns the server’s own address into the preview’s', () => {
  expect(answerHead({ location: 'http://127.0.0.1:3000/a?b' }, place)).toEqual({
    location: 'http://blue.localhost:9000/a?b',
  });
  expect(answerHead({ location: 'https://example.org/' }, place)).toEqual({
    location: 'https://example.org/',
  });
});

it('keeps the app’s cookies and never lets it set the preview’s', () => {
  const head = answerHead(
    { 'set-cookie': ['sid=1; HttpOnly; Domain=localhost', '__vitrine_preview=x'] },
    place,
  );
  expect(head).toEqual({ 'set-cookie': ['sid=1; HttpOnly; Secure; SameSite=None; Partitioned'] });
});

it('has both policies hold, the app’s without frame-ancestors', () => {
  expect(policies('own', undefined, 'ws://b')).toEqual(['own']);
  expect(policies('own', "frame-ancestors 'none'", 'ws://b')).toEqual(['own']);
  expect(policies('own', "script-src 'nonce-a1'; frame-ancestors 'none'; img-src *", 'ws://b')).toEqual([
    'own',
    "script-src 'nonce-a1' 'self'; img-src *",
  ]);
  expect(nonceOf("script-src 'nonce-a1' 'strict-dynamic'")).toBe('a1');
});
