import { type Signal, signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VitrineError } from '#shared/errors.ts';
import type { ConnectionState } from '../companion/connection.ts';
import type { WorkbenchHome, WorkbenchTarget } from './home.ts';
import { FakeCompanion } from './testing/fake-companion.ts';
import { makeAttempt } from './testing/sample-data.ts';
import { WorkbenchModel } from './workbench-model.ts';

let fake: FakeCompanion;
let state: Signal<ConnectionState>;
let target: Signal<WorkbenchTarget>;
let reported: number;
let shown: WorkbenchTarget[];
let model: WorkbenchModel;

beforeEach(async () => {
  fake = await FakeCompanion.start();
  state = signal<ConnectionState>({ status: 'connecting' });
  target = signal<WorkbenchTarget>({ kind: 'none' });
  reported = 0;
  shown = [];
  const home: WorkbenchHome = {
    kind: 'panel',
    connection: { state, retry: () => {}, reportFailure: () => void reported++ },
    target,
    onShown: (told) => shown.push(told),
  };
  model = new WorkbenchModel(home);
});
afterEach(async () => {
  model.close();
  await fake.close();
});

const connect = () => {
  state.value = { status: 'connected', address: { baseUrl: fake.baseUrl } };
};
const view = () => model.view.current.value;
const createRequests = () =>
  fake.requests
    .filter((request) => request.startsWith('POST /api/environments '))
    .map((request) => JSON.parse(request.split(' ').slice(2).join(' ')));

describe('WorkbenchModel', () => {
  it('starts the task it is asked for as soon as there is a companion, once', async () => {
    target.value = { kind: 'task', taskId: 't1', boardUrl: 'http://localhost:3000/', title: 'Cart' };
    expect(view()).toEqual({ kind: 'attempts' });
    connect();
    await vi.waitFor(() => expect(view()).toEqual({ kind: 'preview', environmentId: 'env-1' }));
    expect(createRequests()).toEqual([
      { taskId: 't1', agentId: 'unknown', board: { url: 'http://localhost:3000/' }, title: 'Cart' },
    ]);
    expect(shown.at(-1)).toEqual({ kind: 'environment', environmentId: 'env-1' });
  });

  it('asks once more for what the companion was away for, as soon as it is back', async () => {
    connect();
    const { port } = new URL(fake.baseUrl);
    await fake.close();
    await model.startAttempt(makeAttempt({ taskId: 't1' }));
    expect(view()).toMatchObject({ kind: 'opening', failure: { code: 'COMPANION_UNREACHABLE' } });
    const failure = new VitrineError({ code: 'COMPANION_UNREACHABLE', message: 'Away.', remedy: 'Wait.' });
    state.value = { status: 'unavailable', failure };
    fake = await FakeCompanion.start({ port: Number(port) });
    connect();
    await vi.waitFor(() => expect(view()).toEqual({ kind: 'preview', environmentId: 'env-1' }));
    expect(createRequests()).toHaveLength(1);
  });

  it('names the agent where the list of attempts knows it', async () => {
    fake.attempts = { sources: [], attempts: [makeAttempt({ taskId: 't1', agentId: 'CODEX' })] };
    connect();
    await vi.waitFor(() => expect(model.session.value?.attempts.list.value?.attempts).toHaveLength(1));
    target.value = { kind: 'task', taskId: 't1', boardUrl: 'http://localhost:3000/' };
    await vi.waitFor(() => expect(createRequests()).toMatchObject([{ agentId: 'CODEX' }]));
  });

  it('shows a refusal in the place of the preview, and the preview once it works', async () => {
    fake.intercept = (method) => {
      if (method === 'POST')
        throw new VitrineError({ code: 'NO_WORKTREE', message: 'm', remedy: 'r', status: 409 });
    };
    connect();
    await model.startAttempt(makeAttempt({ taskId: 't1' }));
    expect(view()).toMatchObject({ kind: 'opening', failure: { code: 'NO_WORKTREE', remedy: 'r' } });
    fake.intercept = () => {};
    const failed = view();
    if (failed.kind === 'opening') await model.open(failed.request);
    expect(view()).toEqual({ kind: 'preview', environmentId: 'env-1' });
  });

  it('does not call back whoever went elsewhere while it was starting', async () => {
    connect();
    fake.put({ id: 'login' });
    const starting = model.startAttempt(makeAttempt({ taskId: 't1' }));
    model.view.showEnvironment('login');
    await starting;
    expect(view()).toEqual({ kind: 'preview', environmentId: 'login' });
  });

  it('returns to the list when what it shows was stopped elsewhere, and says so', async () => {
    fake.put({ id: 'cart' });
    connect();
    await vi.waitFor(() => expect(model.session.value?.environments.loaded.value).toBe(true));
    model.view.showEnvironment('cart');
    fake.remove('cart');
    await vi.waitFor(() => expect(view()).toEqual({ kind: 'attempts' }));
    expect(model.announcement.value).not.toBe('');
  });

  it('keeps what it shows while the companion is away, and asks the connection to look', async () => {
    fake.put({ id: 'cart' });
    connect();
    await vi.waitFor(() => expect(model.session.value?.environments.loaded.value).toBe(true));
    const { session } = model;
    const before = session.value;
    fake.dropSockets();
    await vi.waitFor(() => expect(reported).toBe(1));
    state.value = { status: 'unavailable', failure: { code: 'X', message: 'm', remedy: 'r' } };
    expect(session.value).toBe(before);
    connect();
    expect(session.value).toBe(before);
  });

  it('starts over with a companion at another address', async () => {
    connect();
    const before = model.session.value;
    state.value = { status: 'connected', address: { baseUrl: fake.baseUrl, token: 'x'.repeat(32) } };
    expect(model.session.value).not.toBe(before);
    expect(before?.signal.aborted).toBe(true);
  });
});
