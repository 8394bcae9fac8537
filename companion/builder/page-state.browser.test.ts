import { expect, it } from 'vitest';
import type { ChannelEvent } from '#shared/realtime/channels.ts';
import type { PagePerformance } from '#shared/realtime/page-performance.ts';
import { waitUntil } from '../../e2e/wait-until.ts';
import { reactWithVite8 } from './testing/fixture-apps.ts';
import type { PreviewServer } from './testing/preview-server.ts';
import { Previews } from './testing/previews.ts';

const previews = Previews.inThisFile();

type PreviewData = Extract<ChannelEvent, { channel: 'preview' }>['data'];
const told = <T extends PreviewData['type']>(preview: PreviewServer, type: T) =>
  preview.events.flatMap(({ data }) =>
    data.type === type ? [data as Extract<PreviewData, { type: T }>] : [],
  );

it('tells what the browser measures: paints, loading, long tasks and memory', async () => {
  const { preview } = await previews.start(reactWithVite8);
  const page = await previews.open(preview);
  await page.evaluate(() => {
    setTimeout(() => {
      const until = performance.now() + 120;
      while (performance.now() < until);
    });
  });
  // They come one after the other: a busy machine paints after the page has loaded.
  const expected = [
    'firstPaintMs',
    'largestContentfulPaintMs',
    'longTasks',
    'loadedMs',
    'memoryBytes',
  ] as const;
  const isWhole = ({ performance }: { performance: PagePerformance }) =>
    expected.every((figure) => performance[figure] !== undefined);
  const { performance: measured } = await waitUntil(() => told(preview, 'performance').findLast(isWhole), {
    what: 'the figures of the page',
  });
  const { firstPaintMs = 0, firstContentfulPaintMs = 0, largestContentfulPaintMs = 0 } = measured;
  expect(firstPaintMs).toBeGreaterThan(0);
  expect(firstContentfulPaintMs).toBeGreaterThanOrEqual(firstPaintMs);
  expect(largestContentfulPaintMs).toBeGreaterThanOrEqual(firstContentfulPaintMs);
  expect(measured.longTasks?.longestMs).toBeGreaterThan(100);
  expect(measured.memoryBytes).toBeGreaterThan(100_000);
});

it.each([
  ['history.pushState', "history.pushState(null, '', '/pushed')", '/pushed'],
  [
    'the Navigation API',
    "navigation.addEventListener('navigate', (event) => event.intercept()), navigation.navigate('/intercepted')",
    '/intercepted',
  ],
  [
    'a hash link',
    "document.body.insertAdjacentHTML('beforeend', '<a href=\"#/part\">part</a>'), document.querySelector('a').click()",
    '/#/part',
  ],
])('tells of the way an app goes by %s', async (_way, script, route) => {
  const { preview } = await previews.start(reactWithVite8);
  const page = await previews.open(preview);
  await page.evaluate(script);
  await waitUntil(() => told(preview, 'route_change').some((each) => each.route === route), { what: route });
  await page.evaluate(() => history.back());
  await waitUntil(() => told(preview, 'route_change').at(-1)?.route === '/', { what: 'the way back' });
});

it('tells where the links of a page lead within the app', async () => {
  const { preview } = await previews.start({
    ...reactWithVite8,
    'src/app.tsx': `export function App() {
  return <nav><a href="/cart?x=1">Cart</a><a href="https://example.org/">Away</a><a href="#top">Top</a>
    <a href="/about">About</a><button type="button">ready</button></nav>;
}
`,
  });
  await previews.open(preview);
  const links = await waitUntil(() => told(preview, 'links').at(-1), { what: 'the links' });
  expect(links.routes).toEqual(['/cart', '/', '/about']);
});
