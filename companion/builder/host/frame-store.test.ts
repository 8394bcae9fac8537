import { describe, expect, it } from 'vitest';
import type { Build } from '../protocol.ts';
import { FrameStore } from './frame-store.ts';

const build = (modules: Record<string, string>, vendor = 'a'.repeat(24)): Build => ({
  mode: 'vite',
  modules: Object.fromEntries(Object.entries(modules).map(([path, code]) => [path, { code, requires: [] }])),
  vendor,
  outer: [],
  packages: {},
  base: '/',
  publicDirectory: null,
  assetDirectories: [],
  template: 'parcel',
});
const module = (code: string) => ({ code, requires: [] });
const hello = (store: FrameStore, revision: number) => ({
  session: store.session,
  revision,
  vendor: 'a'.repeat(24),
});

describe('FrameStore', () => {
  it('tells pages only what differs', () => {
    const store = new FrameStore();
    store.apply({ type: 'build', build: build({ '/a.js': '1', '/b.js': '1' }) });
    expect(store.apply({ type: 'build', build: build({ '/a.js': '1', '/b.js': '2' }) })).toMatchObject([
      { type: 'update', revision: 2, modules: { '/b.js': { code: '2' } } },
    ]);
    expect(store.apply({ type: 'update', modules: { '/a.js': module('1') }, later: {}, pruned: [] })).toEqual(
      [],
    );
  });

  it('lets a page catch up from its revision, and one of another session from the start', () => {
    const store = new FrameStore();
    store.apply({ type: 'build', build: build({ '/a.js': '1', '/b.js': '1' }) });
    const { revision } = store;
    store.apply({ type: 'update', modules: { '/b.js': module('2') }, later: {}, pruned: [] });
    const [missed] = store.catchUp(hello(store, revision));
    expect(missed).toMatchObject({ type: 'update', modules: { '/b.js': module('2') } });
    expect(store.catchUp(hello(store, store.revision))).toEqual([{ type: 'error', error: null }]);
    const [all] = store.catchUp({ ...hello(store, 99), session: 'another' });
    expect(all).toMatchObject({ modules: { '/a.js': module('1'), '/b.js': module('2') } });
  });

  it('reloads pages with other packages', () => {
    const store = new FrameStore();
    store.apply({ type: 'build', build: build({}) });
    expect(store.apply({ type: 'build', build: build({}, 'b'.repeat(24)) })).toMatchObject([
      { type: 'reload' },
    ]);
    expect(store.catchUp({ ...hello(store, 0), session: 'another' })).toMatchObject([{ type: 'reload' }]);
  });

  it('keeps for the next load what running pages are not to take', () => {
    const store = new FrameStore();
    store.apply({ type: 'build', build: build({ '/a.js': '1' }) });
    expect(store.apply({ type: 'update', modules: {}, later: { '/a.js': module('2') }, pruned: [] })).toEqual(
      [],
    );
    expect(store.snapshot()?.modules).toEqual({ '/a.js': module('2') });
  });

  it('forgets modules that the build no longer has', () => {
    const store = new FrameStore();
    store.apply({ type: 'build', build: build({ '/a.js': '1', '/b.js': '1' }) });
    store.apply({ type: 'build', build: build({ '/a.js': '1' }) });
    expect(Object.keys(store.snapshot()?.modules ?? {})).toEqual(['/a.js']);
  });

  it('is ready with a build or an error, and gives up with its signal', async () => {
    const store = new FrameStore();
    const aborted = new AbortController();
    const waiting = store.ready(aborted.signal);
    aborted.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    const ready = store.ready(new AbortController().signal);
    expect(store.apply({ type: 'error', error: { message: 'broken' } })).toEqual([
      { type: 'error', error: { message: 'broken' } },
    ]);
    await expect(ready).resolves.toBeUndefined();
    expect(store.snapshot()).toBeNull();
  });
});
