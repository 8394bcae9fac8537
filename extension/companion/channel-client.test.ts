import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChannelMessage } from '#shared/realtime/channels.ts';
import { FakeCompanion } from '../workbench/testing/fake-companion.ts';
import { makeEntry } from '../workbench/testing/sample-data.ts';
import { openEnvironmentChannel, openEnvironmentList } from './channel-client.ts';
import { backoffMs } from './client-socket.ts';

let fake: FakeCompanion;
let abort: AbortController;
beforeEach(() => {
  abort = new AbortController();
});
afterEach(async () => {
  abort.abort();
  await fake.close();
});

function follow(token?: string) {
  const lines: string[] = [];
  const types: string[] = [];
  const statuses: string[] = [];
  let drops = 0;
  openEnvironmentChannel({ baseUrl: fake.baseUrl, token }, 'cart', {
    onMessage: (message: ChannelMessage) => {
      types.push(message.data.type);
      if (message.data.type === 'console') lines.push(message.data.entry.text);
    },
    onStatus: (status) => statuses.push(status),
    onDrop: () => drops++,
    signal: abort.signal,
  });
  return { lines, types, statuses, drops: () => drops };
}

function log(text: string): void {
  fake.send('cart', { channel: 'logs', data: { type: 'console', entry: makeEntry({ text }) } });
}

describe('openEnvironmentChannel', () => {
  it('resumes after a drop: every line once, in order, those of the gap included', async () => {
    fake = await FakeCompanion.start();
    fake.put({ id: 'cart' });
    const { lines, statuses, drops } = follow();
    await vi.waitFor(() => expect(fake.viewers('cart')).toBe(1));
    log('one');
    log('two');
    await vi.waitFor(() => expect(lines).toEqual(['one', 'two']));
    fake.dropSockets();
    log('three');
    await vi.waitFor(() => expect(fake.viewers('cart')).toBe(1));
    log('four');
    await vi.waitFor(() => expect(lines).toEqual(['one', 'two', 'three', 'four']));
    expect(drops()).toBe(1);
    expect(statuses).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open']);
  });

  it('passes on a reset when the gap was longer than the replay', async () => {
    fake = await FakeCompanion.start({ replayLength: 2 });
    fake.put({ id: 'cart' });
    const { lines, types } = follow();
    await vi.waitFor(() => expect(types).toContain('environment'));
    fake.dropSockets();
    for (const text of ['a', 'b', 'c', 'd']) log(text);
    await vi.waitFor(() => expect(types).toContain('reset'));
    log('after');
    await vi.waitFor(() => expect(lines).toEqual(['after']));
  });

  it('starts over with a companion that counts from the beginning again', async () => {
    fake = await FakeCompanion.start();
    const { port } = new URL(fake.baseUrl);
    fake.put({ id: 'cart' });
    const { lines, types } = follow();
    await vi.waitFor(() => expect(fake.viewers('cart')).toBe(1));
    for (const text of ['a', 'b', 'c', 'd']) log(text);
    await vi.waitFor(() => expect(lines).toHaveLength(4));
    await fake.close();
    fake = await FakeCompanion.start({ port: Number(port) });
    fake.put({ id: 'cart' });
    await vi.waitFor(() => expect(types).toContain('reset'), { timeout: 5_000 });
    log('reborn');
    await vi.waitFor(() => expect(lines).toContain('reborn'));
  });

  it('ignores what it does not understand and goes on', async () => {
    fake = await FakeCompanion.start();
    fake.put({ id: 'cart' });
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { lines } = follow();
    await vi.waitFor(() => expect(fake.viewers('cart')).toBe(1));
    // @ts-expect-error: a channel of a later version
    fake.send('cart', { channel: 'weather', data: { type: 'rain' } });
    log('dry');
    await vi.waitFor(() => expect(lines).toEqual(['dry']));
    expect(warned).toHaveBeenCalledOnce();
    warned.mockRestore();
  });

  it('authenticates by subprotocol', async () => {
    const token = 'a'.repeat(32);
    fake = await FakeCompanion.start({ token });
    fake.put({ id: 'cart' });
    const right = follow(token);
    await vi.waitFor(() => expect(right.types).toContain('environment'));
    const wrong = follow('b'.repeat(32));
    await vi.waitFor(() => expect(wrong.drops()).toBe(1));
    expect(wrong.types).toEqual([]);
  });

  it('stays closed once aborted', async () => {
    fake = await FakeCompanion.start();
    fake.put({ id: 'cart' });
    const { statuses } = follow();
    await vi.waitFor(() => expect(fake.viewers('cart')).toBe(1));
    abort.abort();
    await vi.waitFor(() => expect(fake.viewers('cart')).toBe(0));
    expect(statuses.at(-1)).toBe('closed');
  });
});

describe('openEnvironmentList', () => {
  it('gives the whole list at once and after each change', async () => {
    fake = await FakeCompanion.start();
    fake.put({ id: 'cart' });
    const lists: string[][] = [];
    openEnvironmentList(
      { baseUrl: fake.baseUrl },
      { onList: (list) => lists.push(list.map(({ id }) => id)), signal: abort.signal },
    );
    await vi.waitFor(() => expect(lists).toEqual([['cart']]));
    fake.put({ id: 'login' });
    fake.remove('cart');
    await vi.waitFor(() => expect(lists).toEqual([['cart'], ['cart', 'login'], ['login']]));
  });
});

describe('backoffMs', () => {
  it('doubles from a quarter of a second, spreads, and never exceeds ten seconds', () => {
    expect([1, 2, 3, 4].map((failures) => backoffMs(failures, () => 1))).toEqual([250, 500, 1000, 2000]);
    expect(backoffMs(1, () => 0)).toBe(125);
    expect(backoffMs(1_000, () => 1)).toBe(10_000);
  });
});
