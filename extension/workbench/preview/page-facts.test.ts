import { expect, test } from 'vitest';
import { PageFacts } from './page-facts.ts';

test('routes come from visits and from links, visited ones first', () => {
  const facts = new PageFacts();
  facts.take({ type: 'links', routes: ['/cart', '/about'], frameId: 'a' });
  facts.take({ type: 'route_change', route: '/products/1?tab=2', frameId: 'a' });
  facts.take({ type: 'route_change', route: '/cart', frameId: 'a' });
  expect(facts.routes.value).toEqual(['/cart', '/products/1', '/about']);
});

test('what is known when somebody begins to listen takes the place of what was', () => {
  const facts = new PageFacts();
  facts.take({ type: 'hot_update', revision: 1, durationMs: 40 });
  facts.take({
    type: 'preview_state',
    state: {
      currentRoute: '/',
      routes: ['/'],
      performance: { firstPaintMs: 12 },
      hotUpdates: { count: 7, lastMs: 30, medianMs: 25 },
      buildError: null,
    },
  });
  facts.take({ type: 'hot_update', revision: 2, durationMs: 20 });
  expect(facts.hotUpdates.value).toEqual({ count: 8, lastMs: 20, medianMs: 25 });
  expect(facts.performance.value?.firstPaintMs).toBe(12);
});
