import { describe, expect, it } from 'vitest';
import { claimReplySchema, connectReplySchema, fromBoardSchemas, fromPageSchemas } from './messages.ts';

const task = { kind: 'task', boardUrl: 'http://localhost:3000', taskId: 'abc-1', title: 'A task' };

describe('messages inside the extension', () => {
  it('takes a task of a board, markup in its title included: titles are text', () => {
    const target = { ...task, title: '<img src=x onerror=alert(1)>' };
    expect(fromBoardSchemas['panel:open'].parse({ target })).toEqual({ target });
  });

  it.each([
    ['an id that is a path', { ...task, taskId: '../../etc/passwd' }],
    ['an id with markup', { ...task, taskId: '<b>' }],
    ['an id without end', { ...task, taskId: 'a'.repeat(201) }],
    ['a title without end', { ...task, title: 'a'.repeat(501) }],
    ['a board that is no site', { ...task, boardUrl: 'javascript:alert(1)' }],
    ['a board with a path', { ...task, boardUrl: 'http://localhost:3000/somewhere' }],
    ['an environment that is no host name', { kind: 'environment', environmentId: 'a.b' }],
    ['another kind', { kind: 'file', path: '/etc/passwd' }],
    ['nothing', undefined],
  ])('[attack 18] refuses %s as a target', (_, target) => {
    expect(fromBoardSchemas['panel:open'].safeParse({ target }).success).toBe(false);
    expect(fromPageSchemas['tab:open'].safeParse({ target }).success).toBe(false);
  });

  it.each(['', '0'.repeat(31), `${'0'.repeat(31)}G`, 7])('[attack 17] refuses %j as a nonce', (nonce) => {
    expect(fromPageSchemas['panel:claim'].safeParse({ nonce }).success).toBe(false);
  });

  it('takes messages without data, however the browser carries nothing', () => {
    for (const nothing of [undefined, null]) {
      expect(fromBoardSchemas['panel:closed'].safeParse(nothing).success).toBe(true);
    }
  });

  it('takes a refused claim', () => {
    expect(claimReplySchema.parse(null)).toBeNull();
  });

  it('refuses a companion that is not on plain http, or has no token', () => {
    const token = 't'.repeat(32);
    const connected = (address: object) =>
      connectReplySchema.safeParse({ status: 'connected', address }).success;
    expect(connected({ baseUrl: 'http://127.0.0.1:4747', token })).toBe(true);
    expect(connected({ baseUrl: 'javascript:alert(1)', token })).toBe(false);
    expect(connected({ baseUrl: 'http://127.0.0.1:4747', token: '' })).toBe(false);
  });
});
