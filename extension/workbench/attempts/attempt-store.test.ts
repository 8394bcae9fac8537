import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VitrineError } from '#shared/errors.ts';
import { CompanionClient } from '../../companion/client.ts';
import { FakeCompanion } from '../testing/fake-companion.ts';
import { AttemptStore } from './attempt-store.ts';

let fake: FakeCompanion;
let store: AttemptStore;
const abort = new AbortController();

beforeEach(async () => {
  fake = await FakeCompanion.start();
  store = new AttemptStore(new CompanionClient({ baseUrl: fake.baseUrl }).attempts, abort.signal);
});
afterEach(() => fake.close());

const refuse = () => {
  throw new VitrineError({ code: 'BUSY', message: 'm', remedy: 'r', status: 503 });
};

describe('AttemptStore', () => {
  it('keeps what it knew when a look fails, and says why', async () => {
    await store.addSource('repository', '/home/dev/shop');
    fake.intercept = refuse;
    await store.refresh();
    expect(store.failure.value?.code).toBe('BUSY');
    expect(store.list.value?.sources).toHaveLength(1);
    fake.intercept = () => {};
    await store.refresh();
    expect(store.failure.value).toBeUndefined();
  });

  it('never lets a slow look overwrite a later one', async () => {
    let release = () => {};
    fake.intercept = () => new Promise((resolve) => (release = resolve));
    const slow = store.refresh();
    // The slow one is on the companion before the later one is asked.
    while (fake.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    fake.intercept = () => {};
    await store.addSource('board', 'http://localhost:3000/');
    fake.attempts = { attempts: [], sources: [] };
    release();
    await slow;
    expect(store.list.value?.sources).toHaveLength(1);
    expect(store.refreshing.value).toBe(false);
  });

  it('rejects a refused source with the reason', async () => {
    fake.intercept = refuse;
    await expect(store.addSource('repository', '/nowhere')).rejects.toMatchObject({ code: 'BUSY' });
  });
});
