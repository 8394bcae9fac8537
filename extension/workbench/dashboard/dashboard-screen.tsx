import './dashboard.css';
import { useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { Metrics } from '#shared/api/metrics.ts';
import type { MetricsHistory } from '#shared/api/metrics-history.ts';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import { Button } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { saveFile } from '../design/save-file.ts';
import { ExportIcon, SpinnerIcon } from '../icons/icons.tsx';
import { ScreenHeader } from '../layout/screen-header.tsx';
import { formatDuration } from '../text/duration.ts';
import { text } from '../text/text.ts';
import { useSession } from '../workbench-context.ts';
import { metricsCsv, metricsJson } from './export-metrics.ts';

const ASK_EVERY_MS = 10_000;

type Plot = typeof import('./plot.tsx').StartPlot;

/** How this companion's environments have fared. */
export function DashboardScreen() {
  const session = useSession();
  const known = useSignal<{ metrics: Metrics; history: MetricsHistory } | undefined>(undefined);
  const failure = useSignal<VitrineError | undefined>(undefined);
  const attempt = useSignal(0);
  const [plot, setPlot] = useState<{ Plot: Plot }>();

  useEffect(() => {
    // The plot's library is fetched with the first look at it.
    import('./plot.tsx').then(
      ({ StartPlot }) => setPlot({ Plot: StartPlot }),
      (thrown: unknown) => (failure.value = toVitrineError(thrown)),
    );
  }, [failure]);
  useEffect(() => {
    const left = new AbortController();
    const signal = AbortSignal.any([left.signal, session.signal]);
    const ask = async () => {
      try {
        const [metrics, history] = await Promise.all([
          session.client.getMetrics(signal),
          session.client.getMetricsHistory(signal),
        ]);
        known.value = { metrics, history };
        failure.value = undefined;
      } catch (thrown) {
        if (!signal.aborted) failure.value = toVitrineError(thrown);
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), ASK_EVERY_MS);
    return () => {
      left.abort();
      clearInterval(timer);
    };
  }, [session, known, failure, attempt.value]);

  const now = known.value;
  return (
    <section class="screen" aria-label={text('dashboard.heading')}>
      <ScreenHeader title={text('dashboard.heading')} />
      <div class="screen-body">
        {failure.value && (
          <FailureNotice
            failure={failure.value}
            actions={<Button onClick={() => (attempt.value += 1)}>{text('action.retry')}</Button>}
          />
        )}
        {!now && !failure.value && (
          <p class="screen-message quiet" role="status">
            <SpinnerIcon /> {text('environments.loading')}
          </p>
        )}
        {now && (
          <div class="dashboard">
            <Figures metrics={now.metrics} />
            <section class="settings-group">
              <h2>{text('dashboard.starts')}</h2>
              {now.history.starts.length + now.history.failures.length === 0 ? (
                <p class="quiet">{text('dashboard.none')}</p>
              ) : (
                plot && <plot.Plot history={now.history} />
              )}
            </section>
            <div class="bulk">
              <Button
                icon={<ExportIcon />}
                onClick={() =>
                  saveFile('vitrine.csv', new Blob([metricsCsv(now.history)], { type: 'text/csv' }))
                }
              >
                {text('dashboard.csv')}
              </Button>
              <Button
                icon={<ExportIcon />}
                onClick={() =>
                  saveFile(
                    'vitrine.json',
                    new Blob([metricsJson(now.metrics, now.history)], { type: 'application/json' }),
                  )
                }
              >
                {text('dashboard.json')}
              </Button>
            </div>
            <p class="quiet">{text('dashboard.local')}</p>
          </div>
        )}
      </div>
    </section>
  );
}

function Figures({ metrics }: { metrics: Metrics }) {
  const duration = (ms: number | null) => (ms === null ? '–' : formatDuration(ms));
  const percent = (share: number) => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
  const { resourceUtilization: use, userSatisfaction } = metrics;
  const figures = [
    ['total', String(metrics.totalEnvironments)],
    ['active', String(metrics.activeEnvironments)],
    ['lifetime', duration(metrics.averageLifetimeMs)],
    ['p50', duration(metrics.creationTimeMs.p50)],
    ['p95', duration(metrics.creationTimeMs.p95)],
    ['errors', percent(metrics.errorRate)],
    ...(use
      ? ([
          ['cpu', percent(use.cpu)],
          ['memory', percent(use.memory)],
        ] as const)
      : []),
    ...(userSatisfaction === null ? [] : ([['satisfaction', percent(userSatisfaction)]] as const)),
  ] as const;
  return (
    <dl class="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt class="quiet">{text(`dashboard.${name}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
