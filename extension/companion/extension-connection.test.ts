// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectReply } from '#shared/extension/messages.ts';
import { connectExtensionPage } from './extension-connection.ts';
import { retryDelayMs } from './retry-delay.ts';

const address = { baseUrl: 'http://127.0.0.1:4747', token: 't'.repeat(32) };
const connected: ConnectReply = { status: 'connected', address };
const missing: ConnectReply = {
  status: 'unavailable',
  failure: { code: 'COMPANION_NOT_INSTALLED', message: 'm', remedy: 'r' },
};

let ended: AbortController;
let questions: boolean[];
let reply: () => ConnectReply | Promise<ConnectReply>;

beforeEach(() => {
  vi.useFakeTimers();
  ended = new AbortController();
  questions = [];
});

afterEach(() => {
  ended.abort();
  vi.useRealTimers();
});

function connect() {
  return connectExtensionPage(async ({ suspect }) => {
    questions.push(suspect);
    return reply();
  }, ended.signal);
}

describe('an extension page’s connection', () => {
  it('is connected when the background knows the companion', async () => {
    reply = () => connected;
    const { state } = connect();
    expect(state.value.status).toBe('connecting');
    await vi.advanceTimersByTimeAsync(0);
    expect(state.value).toEqual(connected);
  });

  it('says what is missing, and connects by itself once it is there', async () => {
    reply = () => missing;
    const { state } = connect();
    await vi.advanceTimersByTimeAsync(0);
    expect(state.value).toEqual(missing);
    reply = () => connected;
    await vi.advanceTimersByTimeAsync(retryDelayMs(1));
    expect(state.value).toEqual(connected);
  });

  it('asks less and less often, but never less than every eight seconds', async () => {
    reply = () => missing;
    connect();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(questions.length).toBeGreaterThanOrEqual(9);
    expect(questions.length).toBeLessThanOrEqual(11);
    expect(retryDelayMs(20)).toBe(8_000);
  });

  it('asks at once when told to, and when the page is looked at again', async () => {
    reply = () => missing;
    const { retry } = connect();
    await vi.advanceTimersByTimeAsync(0);
    retry();
    await vi.advanceTimersByTimeAsync(0);
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(0);
    expect(questions).toEqual([false, true, true]);
  });

  it('does not trust what is known after a failure, also when one came while it was asking', async () => {
    reply = () => connected;
    const { reportFailure, state } = connect();
    reportFailure();
    await vi.advanceTimersByTimeAsync(0);
    expect(questions).toEqual([false, true]);
    const moved: ConnectReply = {
      status: 'connected',
      address: { ...address, baseUrl: 'http://127.0.0.1:5000' },
    };
    reply = () => moved;
    reportFailure();
    await vi.advanceTimersByTimeAsync(0);
    expect(state.value).toEqual(moved);
  });

  it('keeps the same state while nothing changed, so that nothing connects anew', async () => {
    reply = () => ({ status: 'connected', address: { ...address } });
    const { state, reportFailure } = connect();
    await vi.advanceTimersByTimeAsync(0);
    const before = state.value;
    reportFailure();
    await vi.advanceTimersByTimeAsync(0);
    expect(state.value).toBe(before);
  });

  it('says so when the background does not answer, or answers nonsense', async () => {
    reply = () => Promise.reject(new Error('Receiving end does not exist'));
    const { state } = connect();
    await vi.advanceTimersByTimeAsync(0);
    expect(state.value).toMatchObject({ failure: { code: 'EXTENSION_UNAVAILABLE' } });
  });

  it('stops with the page', async () => {
    reply = () => missing;
    connect();
    await vi.advanceTimersByTimeAsync(0);
    ended.abort();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(questions).toHaveLength(1);
  });
});
