import { afterEach, describe, expect, it, vi } from 'vitest';
import { VitrineError } from '#shared/errors.ts';
import { FakeCompanion } from '../workbench/testing/fake-companion.ts';
import { connectServedWorkbench } from './served-connection.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function startFake(port?: number): Promise<FakeCompanion> {
  const fake = await FakeCompanion.start({ port });
  closers.push(() => fake.close());
  return fake;
}

function connect(baseUrl: string) {
  const abort = new AbortController();
  closers.unshift(() => abort.abort());
  return connectServedWorkbench(baseUrl, abort.signal);
}

describe('connectServedWorkbench', () => {
  it('connects without a token where the cookie is accepted', async () => {
    const fake = await startFake();
    const connection = connect(fake.baseUrl);
    expect(connection.state.value.status).toBe('connecting');
    await vi.waitFor(() =>
      expect(connection.state.value).toEqual({ status: 'connected', address: { baseUrl: fake.baseUrl } }),
    );
  });

  it('asks for a fresh link when the session is refused, and connects once it is not', async () => {
    const fake = await startFake();
    fake.intercept = () => {
      throw new VitrineError({ code: 'UNAUTHORIZED', message: 'No.', remedy: 'Sign in.', status: 401 });
    };
    const connection = connect(fake.baseUrl);
    await vi.waitFor(() =>
      expect(connection.state.value).toMatchObject({
        status: 'unavailable',
        failure: { code: 'SIGNED_OUT', remedy: 'Run `vitrine open` for a fresh link.' },
      }),
    );
    fake.intercept = () => {};
    connection.retry();
    await vi.waitFor(() => expect(connection.state.value.status).toBe('connected'));
  });

  it('notices a lost companion when told, and finds it again by itself', async () => {
    const fake = await startFake();
    const connection = connect(fake.baseUrl);
    await vi.waitFor(() => expect(connection.state.value.status).toBe('connected'));
    await fake.close();
    closers.pop();
    connection.reportFailure();
    await vi.waitFor(() => expect(connection.state.value.status).toBe('unavailable'));
    await startFake(Number(new URL(fake.baseUrl).port));
    await vi.waitFor(() => expect(connection.state.value.status).toBe('connected'), { timeout: 5_000 });
  });
});
