import { describe, expect, it, vi } from 'vitest';
import type { NetworkQuery, NetworkRequest } from '#shared/api/network.ts';
import { VitrineError } from '#shared/errors.ts';
import { makeRequest } from '../testing/sample-network.ts';
import { MAX_REQUESTS, NetworkStore } from './network-store.ts';

function storeWith(past: NetworkRequest[], pageSize = 500) {
  const abort = new AbortController();
  const asked: number[] = [];
  const calls = {
    list: async (_id: string, { since = 0 }: Partial<NetworkQuery>) => {
      asked.push(since);
      const requests = past.filter(({ id }) => id > since).slice(0, pageSize);
      const cursor = requests.at(-1)?.id ?? since;
      return { requests, cursor, hasMore: cursor < (past.at(-1)?.id ?? 0), oldestId: 1 };
    },
    clear: async () => {},
  };
  return { store: new NetworkStore('cart', calls, abort.signal), calls, asked, abort };
}

const ids = (store: NetworkStore) => store.requests.value.map(({ id }) => id);

describe('the requests of an environment', () => {
  it('are the kept ones and the told ones, each once, in the order they began', async () => {
    const { store, asked, abort } = storeWith(
      [1, 2, 3, 4, 5].map((id) => makeRequest({ id })),
      2,
    );
    store.put(makeRequest({ id: 6 }));
    store.put(makeRequest({ id: 3 }));
    await store.load();
    await vi.waitFor(() => expect(ids(store)).toEqual([1, 2, 3, 4, 5, 6]));
    expect(asked).toEqual([0, 2, 4]);
    abort.abort();
  });

  it('do not become unfinished again', async () => {
    const { store, abort } = storeWith([]);
    store.put(makeRequest({ id: 1, durationMs: 12, status: 404 }));
    store.put(makeRequest({ id: 1, durationMs: undefined, status: undefined }));
    await vi.waitFor(() => expect(store.requests.value[0]?.durationMs).toBe(12));
    expect(store.troubled.value).toBe(1);
    abort.abort();
  });

  it('that the page itself gave up are no trouble', async () => {
    const { store, abort } = storeWith([]);
    store.put(makeRequest({ id: 1, cancelled: true }));
    store.put(makeRequest({ id: 2, cancelled: true, status: undefined }));
    store.put(makeRequest({ id: 3, error: 'The host does not answer.' }));
    await vi.waitFor(() => expect(ids(store)).toEqual([1, 2, 3]));
    expect(store.troubled.value).toBe(1);
    abort.abort();
  });

  it('are bounded in number', async () => {
    const { store, abort } = storeWith([]);
    for (let id = 1; id <= MAX_REQUESTS + 50; id++) store.put(makeRequest({ id }));
    await vi.waitFor(() => expect(store.requests.value.length).toBe(MAX_REQUESTS));
    expect(store.requests.value[0]?.id).toBe(51);
    abort.abort();
  });

  it('stay cleared, also when an old one is told again', async () => {
    const { store, abort } = storeWith([]);
    store.put(makeRequest({ id: 7 }));
    await vi.waitFor(() => expect(ids(store)).toEqual([7]));
    await store.clear();
    store.put(makeRequest({ id: 7, durationMs: 5 }));
    store.put(makeRequest({ id: 8 }));
    await vi.waitFor(() => expect(ids(store)).toEqual([8]));
    abort.abort();
  });

  it('are asked for again after a failure, and not forever when a cursor stands still', async () => {
    const { store, calls, abort } = storeWith([]);
    calls.list = () =>
      Promise.reject(new VitrineError({ code: 'COMPANION_UNREACHABLE', message: 'No.', remedy: 'Wait.' }));
    await store.load();
    expect(store.failure.value?.code).toBe('COMPANION_UNREACHABLE');
    calls.list = async () => ({
      requests: [makeRequest({ id: 1 })],
      cursor: 0,
      hasMore: true,
      oldestId: 1,
    });
    await store.load();
    expect(store.failure.value).toBeUndefined();
    expect(store.loaded.value).toBe(true);
    abort.abort();
  });
});
