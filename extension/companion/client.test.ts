import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { VitrineError } from '#shared/errors.ts';
import { FakeCompanion } from '../workbench/testing/fake-companion.ts';
import { CompanionClient } from './client.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function startFake(token?: string): Promise<FakeCompanion> {
  const fake = await FakeCompanion.start({ token });
  closers.push(() => fake.close());
  return fake;
}

/** Answers every request in the same way. */
async function startServer(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('CompanionClient', () => {
  it('carries the token and parses what the companion answers', async () => {
    const fake = await startFake('t'.repeat(32));
    fake.put({ id: 'cart', title: 'Cart' });
    const client = new CompanionClient({ baseUrl: fake.baseUrl, token: 't'.repeat(32) });
    expect((await client.environments.list())[0]?.title).toBe('Cart');
    expect((await client.environments.get('cart')).previewUrl).toContain('cart.localhost');
    expect(await client.environments.suspend('cart')).toMatchObject({ status: 'suspended' });
    await client.environments.terminate('cart');
    expect(await client.environments.list()).toEqual([]);
  });

  it('sends sources in the body and takes an empty answer', async () => {
    const fake = await startFake();
    const client = new CompanionClient({ baseUrl: fake.baseUrl });
    await client.attempts.addRepository('/home/dev/shop');
    await client.attempts.addBoard('http://localhost:3000/');
    expect((await client.attempts.list()).sources.map(({ location }) => location)).toEqual([
      '/home/dev/shop',
      'http://localhost:3000/',
    ]);
    await client.attempts.removeRepository('/home/dev/shop');
    expect((await client.attempts.list()).sources).toHaveLength(1);
  });

  it("keeps the companion's own code, message, remedy and status", async () => {
    const fake = await startFake();
    const failed = new CompanionClient({ baseUrl: fake.baseUrl }).environments.get('nowhere');
    await expect(failed).rejects.toMatchObject({ code: 'NO_SUCH_ENVIRONMENT', status: 404 });
    await expect(failed).rejects.toBeInstanceOf(VitrineError);
  });

  it('says that nothing answers where nothing listens', async () => {
    const fake = await FakeCompanion.start();
    await fake.close();
    const failed = new CompanionClient({ baseUrl: fake.baseUrl }).health();
    await expect(failed).rejects.toMatchObject({ code: 'COMPANION_UNREACHABLE', status: 503 });
  });

  it('refuses an answer of another program', async () => {
    const baseUrl = await startServer(200, '<h1>It works</h1>');
    await expect(new CompanionClient({ baseUrl }).health()).rejects.toMatchObject({
      code: 'UNEXPECTED_ANSWER',
    });
  });

  it('does not take an error page for an error of the companion', async () => {
    const baseUrl = await startServer(500, 'oops');
    await expect(new CompanionClient({ baseUrl }).attempts.list()).rejects.toMatchObject({
      code: 'UNEXPECTED_ANSWER',
      status: 500,
    });
  });

  it('names the missing session when a 401 says nothing', async () => {
    const baseUrl = await startServer(401, '');
    await expect(new CompanionClient({ baseUrl }).attempts.list()).rejects.toMatchObject({
      code: 'SIGNED_OUT',
    });
  });

  it("rejects with the caller's reason when aborted", async () => {
    const fake = await startFake();
    fake.intercept = () => new Promise(() => {});
    const abort = new AbortController();
    const listing = new CompanionClient({ baseUrl: fake.baseUrl }).attempts.list(abort.signal);
    const reason = new Error('left the screen');
    abort.abort(reason);
    await expect(listing).rejects.toBe(reason);
  });

  it('escapes an environment id', async () => {
    const fake = await startFake();
    await new CompanionClient({ baseUrl: fake.baseUrl }).environments.get('../attempts').catch(() => {});
    expect(fake.requests).toEqual(['GET /api/environments/..%2Fattempts']);
  });
});
