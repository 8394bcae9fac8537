import type { Environment } from '#shared/api/environment.ts';
import { NO_FILTER } from '../console/console-filter.ts';
import { Button } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { openDock } from '../layout/panels.ts';
import { text } from '../text/text.ts';
import type { PreviewModel } from './preview-model.ts';
import { RestartButton } from './preview-stage.tsx';

/** Services that should run and do not, each with its remedy; the page itself stays in sight. */
export function ServiceNotices({
  preview,
  environment,
}: {
  preview: PreviewModel;
  environment: Environment;
}) {
  if (environment.status !== 'running') return null;
  const broken = environment.services.filter(({ status }) => status === 'failed' || status === 'exited');
  return (
    <>
      {broken.map(({ name, status, failure }) => (
        <div class="preview-notice" key={name}>
          <FailureNotice
            tone={status === 'failed' ? 'bad' : 'warn'}
            title={text(status === 'failed' ? 'service.failed' : 'service.exited', { service: name })}
            failure={failure ?? { message: '', remedy: text('service.exited-remedy') }}
            actions={
              <>
                <Button
                  onClick={() => {
                    preview.consoleFilter.value = { ...NO_FILTER, source: 'server' };
                    openDock('console');
                  }}
                >
                  {text('service.show-log')}
                </Button>
                <RestartButton preview={preview} label={text('preview.restart')} />
              </>
            }
          />
        </div>
      ))}
    </>
  );
}
