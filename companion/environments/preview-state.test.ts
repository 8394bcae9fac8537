import { expect, test } from 'vitest';
import type { ChannelEvent } from '#shared/realtime/channels.ts';
import { PreviewStateKeeper } from './preview-state.ts';

const preview = (data: Extract<ChannelEvent, { channel: 'preview' }>['data']): ChannelEvent => ({
  channel: 'preview',
  data,
});

test('what pages told last is kept for whoever comes later', () => {
  const keeper = new PreviewStateKeeper();
  expect(keeper.current).toEqual({
    currentRoute: null,
    routes: [],
    performance: null,
    hotUpdates: null,
    buildError: null,
  });
  keeper.take(preview({ type: 'links', routes: ['/about', '/cart'], frameId: 'a' }));
  keeper.take(preview({ type: 'route_change', route: '/', frameId: 'a' }));
  keeper.take(preview({ type: 'route_change', route: '/cart?page=2', frameId: 'a' }));
  keeper.take(preview({ type: 'performance', performance: { firstPaintMs: 20 }, frameId: 'a' }));
  for (const durationMs of [30, 10, 20])
    keeper.take(preview({ type: 'hot_update', revision: 1, durationMs }));
  keeper.take(preview({ type: 'build_error', error: { message: 'no', file: 'src/app.tsx' } }));
  expect(keeper.current).toEqual({
    currentRoute: '/cart?page=2',
    routes: ['/cart', '/', '/about'],
    performance: { firstPaintMs: 20 },
    hotUpdates: { count: 3, lastMs: 20, medianMs: 20 },
    buildError: { message: 'no', file: 'src/app.tsx' },
  });
  keeper.take(preview({ type: 'build_error', error: null }));
  expect(keeper.current.buildError).toBeNull();
});
