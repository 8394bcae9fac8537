import './performance-facts.css';
import { HoverCard } from '../design/hover-card.tsx';
import { formatBytes } from '../text/bytes.ts';
import { formatDuration } from '../text/duration.ts';
import { text } from '../text/text.ts';
import type { PageFacts } from './page-facts.ts';

/** How fast the app is, in a word; what the browser measured of its page on hover and focus. */
export function PerformanceFacts({ facts }: { facts: PageFacts }) {
  const measured = facts.performance.value ?? {};
  const updates = facts.hotUpdates.value;
  const paintMs = measured.firstContentfulPaintMs ?? measured.firstPaintMs;
  const word = updates
    ? text('preview.hot-update', { time: formatDuration(updates.lastMs) })
    : paintMs === undefined
      ? undefined
      : text('performance.painted', { time: formatDuration(paintMs) });
  if (word === undefined) return null;
  const { longTasks, layoutShift, memoryBytes } = measured;
  const rows: [string, string | null | undefined][] = [
    [text('performance.first-paint'), duration(measured.firstPaintMs)],
    [text('performance.first-contentful-paint'), duration(measured.firstContentfulPaintMs)],
    [text('performance.largest-contentful-paint'), duration(measured.largestContentfulPaintMs)],
    [text('performance.loaded'), duration(measured.loadedMs)],
    [text('performance.layout-shift'), layoutShift?.toFixed(3)],
    [
      text('performance.long-tasks'),
      longTasks &&
        text('performance.long-tasks.of', {
          count: longTasks.count,
          total: formatDuration(longTasks.totalMs),
          longest: formatDuration(longTasks.longestMs),
        }),
    ],
    [
      text('performance.hot-updates'),
      updates &&
        text('performance.hot-updates.of', {
          count: updates.count,
          last: formatDuration(updates.lastMs),
          median: formatDuration(updates.medianMs),
        }),
    ],
    [text('performance.memory'), memoryBytes === undefined ? undefined : formatBytes(memoryBytes)],
  ];
  return (
    <HoverCard
      label={`${word}. ${text('performance.show')}`}
      class="performance-facts"
      card={
        <dl class="details-facts">
          {rows.map(
            ([name, value]) =>
              value && (
                <div class="performance-row" key={name}>
                  <dt>{name}</dt>
                  <dd class="figure">{value}</dd>
                </div>
              ),
          )}
        </dl>
      }
    >
      {word}
    </HoverCard>
  );
}

const duration = (ms: number | undefined) => (ms === undefined ? undefined : formatDuration(ms));
