import type { Metrics } from '#shared/api/metrics.ts';
import { formatBytes } from '../text/bytes.ts';
import { formatDuration } from '../text/duration.ts';
import { formatNumber } from '../text/number.ts';
import { text } from '../text/text.ts';

const NOTHING = '–';

/** The figures of now. */
export function Figures({ metrics }: { metrics: Metrics }) {
  const { resourceUtilization: use, userSatisfaction } = metrics;
  const figures = [
    ['total', formatNumber(metrics.totalEnvironments)],
    ['active', formatNumber(metrics.activeEnvironments)],
    ['lifetime', formatDuration(metrics.averageLifetimeMs)],
    ['start', duration(metrics.creationTimeMs.p50), metrics.creationTimeMs.p95],
    ['load', duration(metrics.previewLoadMs.p50), metrics.previewLoadMs.p95],
    ['hot-reload', duration(metrics.hotReloadMs.p50), metrics.hotReloadMs.p95],
    ['errors', percent(metrics.errorRate)],
    ['interactions', formatNumber(metrics.userInteractions)],
    ['satisfaction', userSatisfaction === null ? NOTHING : percent(userSatisfaction)],
    ['cpu', use ? percent(use.cpu) : NOTHING],
    ['memory', use ? percent(use.memory) : NOTHING],
    ['network', use ? `${formatBytes(use.network)}/s` : NOTHING],
  ] as const;
  return (
    <dl class="figures">
      {figures.map(([name, value, most]) => (
        <div key={name}>
          <dt class="quiet">{text(`dashboard.${name}`)}</dt>
          <dd>
            {value}
            {most != null && (
              <span class="figure-most quiet">{text('dashboard.p95', { time: duration(most) })}</span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const percent = (share: number): string => `${formatNumber(share * 100, share > 0 && share < 0.1 ? 1 : 0)} %`;

const duration = (ms: number | null): string => (ms === null ? NOTHING : formatDuration(ms));
