import './start-steps.css';
import { useEffect, useState } from 'preact/hooks';
import type { StartStep } from '#shared/api/environment.ts';
import { Button } from '../design/button.tsx';
import { CheckIcon, ErrorIcon, PendingIcon, RestartIcon, SkipIcon, SpinnerIcon } from '../icons/icons.tsx';
import { formatDuration } from '../text/duration.ts';
import { said } from '../text/said.ts';
import { text } from '../text/text.ts';

const ICONS = {
  pending: PendingIcon,
  active: SpinnerIcon,
  done: CheckIcon,
  skipped: SkipIcon,
  failed: ErrorIcon,
};

interface StartStepsProps {
  steps: readonly StartStep[];
  heading?: string;
  /** Tries a failed step again. */
  onRetry?: () => void;
  retrying?: boolean;
}

/** The real steps of a start: what is over and how long it took, what is under way, what is to come. */
export function StartSteps({ steps, heading, onRetry, retrying }: StartStepsProps) {
  return (
    <div class="steps">
      {heading && <h2 class="steps-heading">{heading}</h2>}
      <ol aria-live="polite">
        {steps.map((step) => (
          <Step key={step.name} step={step} onRetry={onRetry} retrying={retrying} />
        ))}
      </ol>
    </div>
  );
}

interface StepProps {
  step: StartStep;
  onRetry?: (() => void) | undefined;
  retrying?: boolean | undefined;
}

function Step({ step, onRetry, retrying = false }: StepProps) {
  const StepIcon = ICONS[step.status];
  const { done, total } = step;
  const detail = step.detail && said(step.detail);
  const count = done !== undefined && total !== undefined && text('steps.count', { done, total });
  return (
    <li class={`step ${step.status}`}>
      <StepIcon />
      <span class="step-name">
        {text(`steps.${step.name}`)}
        <span class="visually-hidden">, {text(`steps.status.${step.status}`)}</span>
      </span>
      <span class="step-time quiet">
        {count && step.status === 'active' ? count : <StepTime step={step} />}
      </span>
      {detail && step.status !== 'pending' && (
        <bdi class="step-detail quiet" title={detail}>
          {detail}
        </bdi>
      )}
      {step.status === 'failed' && onRetry && (
        <span class="step-retry">
          <Button kind="primary" icon={<RestartIcon />} busy={retrying} onClick={onRetry}>
            {text('steps.retry')}
          </Button>
        </span>
      )}
      {count && step.status === 'active' && (
        <progress class="step-progress" value={done} max={total} aria-label={text(`steps.${step.name}`)} />
      )}
    </li>
  );
}

/** Time a step took, or the time since it was first seen under way. */
function StepTime({ step }: { step: StartStep }) {
  const [since, setSince] = useState<number>();
  const [now, setNow] = useState(0);
  const active = step.status === 'active';
  useEffect(() => {
    if (!active) return;
    setSince(performance.now());
    setNow(performance.now());
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, [active]);
  if (step.status === 'skipped') return <>{text('steps.status.skipped')}</>;
  if (step.durationMs !== undefined) return <>{formatDuration(step.durationMs)}</>;
  // A live region that counts would never fall silent.
  if (active && since !== undefined) return <span aria-hidden="true">{formatDuration(now - since)}</span>;
  return null;
}
