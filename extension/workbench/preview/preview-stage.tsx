import './preview-stage.css';
import { useEffect } from 'preact/hooks';
import type { Environment } from '#shared/api/environment.ts';
import { Button } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { PauseIcon, PlayIcon, RestartIcon, StopIcon } from '../icons/icons.tsx';
import { openDock } from '../layout/panels.ts';
import { text } from '../text/text.ts';
import { actOn } from './actions.ts';
import { DeviceFrame } from './device-frame.tsx';
import type { PreviewModel } from './preview-model.ts';
import { StartSteps } from './start-steps.tsx';

interface PreviewStageProps {
  preview: PreviewModel;
  environment: Environment;
}

/** The app's frame, and what lies over it while there is no app to see. */
export function PreviewStage({ preview, environment }: PreviewStageProps) {
  const { frame } = preview;
  const document = frame.document.value;
  useEffect(() => {
    const onMessage = (event: MessageEvent) => frame.onMessage(event);
    window.addEventListener('message', onMessage);
    return () => window.removeEventListener('message', onMessage);
  }, [frame]);
  const overlay = <Overlay preview={preview} environment={environment} />;
  return (
    <div class="stage">
      <DeviceFrame device={preview.device}>
        {document && (
          <iframe
            key={document.key}
            class={frame.loaded.value || frame.painted.value ? 'frame' : 'frame blank'}
            title={text('preview.frame.title', { title: environment.title })}
            src={document.src}
            sandbox={environment.sandboxAttributes.join(' ')}
            allow="autoplay; clipboard-write; fullscreen"
            referrerpolicy="no-referrer"
            ref={(element) => frame.attach(element)}
            onLoad={() => frame.onLoad()}
          />
        )}
      </DeviceFrame>
      {document && environment.status === 'running' && !frame.loaded.value && (
        <div class="loading-bar" role="progressbar" aria-label={text('preview.loading')} />
      )}
      {overlay}
    </div>
  );
}

function Overlay({ preview, environment }: PreviewStageProps) {
  const { status } = environment;
  const { frame } = preview;
  const frameFailure = frame.failure.value;
  if (status === 'failed') return <FailedOverlay preview={preview} environment={environment} />;
  if (status === 'suspended') return <SuspendedOverlay preview={preview} />;
  if (status === 'stopped') return <StoppedOverlay preview={preview} />;
  if (frameFailure) {
    return (
      <div class="overlay">
        <FailureNotice
          title={text('preview.load-failed')}
          failure={frameFailure}
          actions={<Button onClick={() => void frame.load()}>{text('action.retry')}</Button>}
        />
      </div>
    );
  }
  if (frame.painted.value || !isStarting(environment)) return null;
  // The page beneath shows a build error itself, with its place in the source.
  if (preview.buildError.value && frame.loaded.value) return null;
  if (failedStep(environment)) return <FailedOverlay preview={preview} environment={environment} />;
  return (
    <div class="overlay">
      <StartSteps steps={environment.steps} heading={text('steps.heading')} />
    </div>
  );
}

function failedStep({ steps }: Environment) {
  return steps.find(({ status }) => status === 'failed');
}

/** Whether the app has yet to be seen for the first time. */
function isStarting({ status, steps }: Environment): boolean {
  const paint = steps.find(({ name }) => name === 'paint')?.status;
  return (status === 'initializing' || status === 'running') && (paint === 'pending' || paint === 'active');
}

function FailedOverlay({ preview, environment }: PreviewStageProps) {
  const step = failedStep(environment);
  const failure = environment.failure ?? {
    message: step?.detail ?? text('preview.failed.unknown'),
    remedy: text('preview.failed.unknown-remedy'),
  };
  return (
    <div class="overlay">
      <FailureNotice
        title={text(step ? 'steps.failed-heading' : 'preview.failed.title')}
        failure={failure}
        actions={
          <>
            {step ? (
              <RestartButton preview={preview} label={text('preview.restart')} />
            ) : (
              <RestartButton preview={preview} label={text('action.retry')} primary />
            )}
            <Button onClick={() => openDock('console')}>{text('service.show-log')}</Button>
          </>
        }
      />
      {step && (
        <StartSteps
          steps={environment.steps}
          retrying={preview.session.environments.busy.value.get(preview.id) === 'retry'}
          onRetry={() => void actOn(preview, 'retry')}
        />
      )}
    </div>
  );
}

function SuspendedOverlay({ preview }: { preview: PreviewModel }) {
  const busy = preview.session.environments.busy.value.get(preview.id) === 'resume';
  return (
    <div class="overlay state-overlay">
      <PauseIcon />
      <h2>{text('preview.suspended.title')}</h2>
      <p class="quiet">{text('preview.suspended.body')}</p>
      <Button kind="primary" icon={<PlayIcon />} busy={busy} onClick={() => void actOn(preview, 'resume')}>
        {text('preview.resume')}
      </Button>
    </div>
  );
}

function StoppedOverlay({ preview }: { preview: PreviewModel }) {
  return (
    <div class="overlay state-overlay">
      <StopIcon />
      <h2>{text('preview.ended.title')}</h2>
      <p class="quiet">{text('preview.ended.body')}</p>
      <RestartButton preview={preview} label={text('preview.restart')} primary />
    </div>
  );
}

interface RestartButtonProps {
  preview: PreviewModel;
  label: string;
  primary?: boolean;
}

export function RestartButton({ preview, label, primary }: RestartButtonProps) {
  return (
    <Button
      kind={primary ? 'primary' : 'default'}
      icon={<RestartIcon />}
      busy={preview.session.environments.busy.value.get(preview.id) === 'restart'}
      onClick={() => void actOn(preview, 'restart')}
    >
      {label}
    </Button>
  );
}
