import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectionState } from '../../companion/connection.ts';
import type { WorkbenchTarget } from '../home.ts';
import type { Session } from '../session.ts';
import { FakeCompanion } from '../testing/fake-companion.ts';
import { makeEntry } from '../testing/sample-data.ts';
import { WorkbenchModel } from '../workbench-model.ts';
import { PreviewModel } from './preview-model.ts';

let fake: FakeCompanion;
let workbench: WorkbenchModel;
let session: Session;
let preview: PreviewModel | undefined;

beforeEach(async () => {
  fake = await FakeCompanion.start();
  const state = signal<ConnectionState>({ status: 'connected', address: { baseUrl: fake.baseUrl } });
  workbench = new WorkbenchModel({
    kind: 'served',
    connection: { state, retry: () => {}, reportFailure: () => {} },
    target: signal<WorkbenchTarget>({ kind: 'none' }),
  });
  const started = workbench.session.value;
  if (!started) throw new Error('no session');
  session = started;
});
afterEach(async () => {
  preview?.close();
  preview = undefined;
  workbench.close();
  await fake.close();
});

/** Shows an environment once the session knows of its state. */
async function show(id: string): Promise<PreviewModel> {
  const status = fake.environments.get(id)?.status;
  await vi.waitFor(() => {
    expect(session.environments.loaded.value).toBe(true);
    expect(session.environments.byId.value.get(id)?.status).toBe(status);
  });
  preview = new PreviewModel(id, session);
  return preview;
}

const keyOf = (shown: PreviewModel) => shown.frame.document.value?.key;

describe('PreviewModel', () => {
  it('loads the frame while the environment still starts, and not again when it runs', async () => {
    fake.put({ id: 'cart', status: 'initializing' });
    const shown = await show('cart');
    await vi.waitFor(() => expect(keyOf(shown)).toBe(1));
    fake.put({ id: 'cart', status: 'running' });
    await vi.waitFor(() => expect(shown.environment.value?.status).toBe('running'));
    expect(keyOf(shown)).toBe(1);
  });

  it('loads what the companion was away for as soon as it is back', async () => {
    fake.put({ id: 'cart', status: 'initializing' });
    const { port } = new URL(fake.baseUrl);
    const shown = await show('cart');
    await vi.waitFor(() => expect(shown.channelStatus.value).toBe('open'));
    await fake.close();
    await shown.frame.load();
    expect(shown.frame.failure.value?.code).toBe('COMPANION_UNREACHABLE');
    fake = await FakeCompanion.start({ port: Number(port) });
    fake.put({ id: 'cart', status: 'initializing' });
    await vi.waitFor(() => expect(shown.frame.failure.value).toBeUndefined(), 20_000);
    await vi.waitFor(() => expect(keyOf(shown)).toBe(2));
    expect(shown.returns.value).toBe(1);
  });

  it('loads it anew after a restart, and takes it out of a failed environment', async () => {
    fake.put({ id: 'cart' });
    const shown = await show('cart');
    await vi.waitFor(() => expect(keyOf(shown)).toBe(1));
    fake.put({ id: 'cart', status: 'initializing' });
    await vi.waitFor(() => expect(keyOf(shown)).toBe(2));
    fake.put({ id: 'cart', status: 'failed' });
    await vi.waitFor(() => expect(shown.frame.document.value).toBeUndefined());
    fake.put({ id: 'cart', status: 'running' });
    await vi.waitFor(() => expect(keyOf(shown)).toBe(3));
  });

  it('keeps the page over suspend and resume, and does not wake what it never loaded', async () => {
    fake.put({ id: 'cart' });
    const shown = await show('cart');
    await vi.waitFor(() => expect(keyOf(shown)).toBe(1));
    for (const status of ['suspended', 'running'] as const) {
      fake.put({ id: 'cart', status });
      await vi.waitFor(() => expect(shown.environment.value?.status).toBe(status));
    }
    expect(keyOf(shown)).toBe(1);
    shown.close();

    fake.put({ id: 'cart', status: 'suspended' });
    const asleep = await show('cart');
    await vi.waitFor(() => expect(asleep.environment.value?.status).toBe('suspended'));
    expect(asleep.frame.document.value).toBeUndefined();
    fake.put({ id: 'cart', status: 'running' });
    await vi.waitFor(() => expect(keyOf(asleep)).toBe(1));
  });

  it('is not led back in time by the states a channel begins with', async () => {
    fake.put({ id: 'cart', status: 'initializing' });
    fake.put({ id: 'cart', status: 'failed' });
    fake.put({ id: 'cart', status: 'running' });
    fake.send('cart', { channel: 'logs', data: { type: 'console', entry: makeEntry() } });
    const shown = await show('cart');
    const statuses = new Set<unknown>();
    shown.environment.subscribe((environment) => statuses.add(environment?.status));
    await vi.waitFor(() => expect(shown.console.lines.value).toHaveLength(1));
    expect([...statuses]).toEqual(['running']);
    await vi.waitFor(() => expect(keyOf(shown)).toBe(1));
  });

  it('says so when there is no such environment', async () => {
    const shown = await show('nowhere');
    await vi.waitFor(() => expect(shown.missing.value?.code).toBe('NO_SUCH_ENVIRONMENT'));
  });

  it('follows the channels, and forgets lines when some were lost', async () => {
    fake.put({ id: 'cart' });
    const shown = await show('cart');
    fake.send('cart', { channel: 'logs', data: { type: 'console', entry: makeEntry({ text: 'a' }) } });
    fake.send('cart', { channel: 'preview', data: { type: 'hot_update', revision: 1, durationMs: 48 } });
    fake.send('cart', { channel: 'preview', data: { type: 'build_error', error: { message: 'no' } } });
    fake.send('cart', { channel: 'collaboration', data: { type: 'presence', viewers: 2 } });
    await vi.waitFor(() => expect(shown.viewers.value).toBe(2));
    expect(shown.facts.hotUpdates.value?.lastMs).toBe(48);
    expect(shown.buildError.value?.message).toBe('no');
    await vi.waitFor(() => expect(shown.console.lines.value).toHaveLength(1));
    fake.send('cart', { channel: 'preview', data: { type: 'build_error', error: null } });
    fake.send('cart', { channel: 'state', data: { type: 'reset' } });
    await vi.waitFor(() => expect(shown.console.lines.value).toHaveLength(0));
    expect(shown.buildError.value).toBeUndefined();
  });

  it('leaves the channel when it is closed', async () => {
    fake.put({ id: 'cart' });
    const shown = await show('cart');
    await vi.waitFor(() => expect(fake.viewers('cart')).toBe(1));
    shown.close();
    await vi.waitFor(() => expect(fake.viewers('cart')).toBe(0));
  });
});
