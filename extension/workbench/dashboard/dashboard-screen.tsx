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
import { text } from '../text/text.ts';
import { useSession } from '../workbench-context.ts';
import { metricsCsv, metricsJson } from './export-metrics.ts';
import { Figures } from './figures.tsx';

const ASK_EVERY_MS = 10_000;

type Plots = typeof import('./plots.tsx');

/** How this companion's environments have fared. */
export function DashboardScreen() {
  const session = useSession();
  const known = useSignal<{ metrics: Metrics; history: MetricsHistory } | undefined>(undefined);
  const failure = useSignal<VitrineError | undefined>(undefined);
  const attempt = useSignal(0);
  const [plots, setPlots] = useState<Plots>();

  useEffect(() => {
    // The plot's library is fetched with the first look at it.
    import('./plots.tsx').then(
      (loaded) => setPlots(loaded),
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
                plots && <plots.StartPlot starts={now.history.starts} failures={now.history.failures} />
              )}
            </section>
            <LatencySection name={text('dashboard.loads')} points={now.history.loads} plots={plots} />
            <LatencySection
              name={text('dashboard.hot-reloads')}
              points={now.history.hotReloads}
              plots={plots}
            />
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

interface LatencySectionProps {
  name: string;
  points: MetricsHistory['loads'];
  plots: Plots | undefined;
}

function LatencySection({ name, points, plots }: LatencySectionProps) {
  return (
    <section class="settings-group">
      <h2>{name}</h2>
      {points.length === 0 ? (
        <p class="quiet">{text('dashboard.not-measured')}</p>
      ) : (
        plots && <plots.LatencyPlot name={name} points={points} />
      )}
    </section>
  );
}
