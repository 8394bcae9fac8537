import type { NetworkRequestDetail } from '#shared/api/network.ts';
import { formatDuration } from '../text/duration.ts';
import { formatNumber } from '../text/number.ts';
import { text } from '../text/text.ts';

const PHASES = ['blocked', 'connect', 'send', 'wait', 'receive'] as const;

/** How long each phase took, one after the other. */
export function TimingView({ detail }: { detail: NetworkRequestDetail }) {
  const phases = PHASES.flatMap((name) => {
    const ms = detail.timings[name];
    return ms === undefined ? [] : [{ name, ms }];
  });
  const total = Math.max(
    phases.reduce((sum, { ms }) => sum + ms, 0),
    0.001,
  );
  if (phases.length === 0) return <p class="quiet">{text('network.no-timing')}</p>;
  let before = 0;
  return (
    <dl class="timing">
      {phases.map(({ name, ms }) => {
        const left = (before / total) * 100;
        before += ms;
        return (
          <div class="timing-phase" key={name}>
            <dt>{text(`network.timing.${name}`)}</dt>
            <dd>
              <span class="timing-track" aria-hidden="true">
                <span
                  class={`timing-bar ${name}`}
                  style={{ insetInlineStart: `${left}%`, width: `max(2px, ${(ms / total) * 100}%)` }}
                />
              </span>
              <span class="figure">{formatPhase(ms)}</span>
            </dd>
          </div>
        );
      })}
      <div class="timing-phase total">
        <dt>{text('network.timing.total')}</dt>
        <dd>
          <span class="timing-track" />
          <span class="figure">{formatDuration(detail.durationMs ?? total)}</span>
        </dd>
      </div>
    </dl>
  );
}

/** Phases on one machine are often shorter than a millisecond. */
function formatPhase(ms: number): string {
  return ms < 10 ? `${formatNumber(ms, 1)} ms` : formatDuration(ms);
}
