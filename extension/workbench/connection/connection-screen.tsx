import './connection.css';
import type { ConnectionState } from '../../companion/connection.ts';
import { Button, IconButton } from '../design/button.tsx';
import { Prose } from '../design/prose.tsx';
import { CloseIcon, ErrorIcon, ReloadIcon, SpinnerIcon } from '../icons/icons.tsx';
import { said } from '../text/said.ts';
import { text } from '../text/text.ts';
import { useWorkbench } from '../workbench-context.ts';

/** Shown until a companion was reached for the first time. */
export function ConnectionScreen({ state }: { state: ConnectionState }) {
  const { home } = useWorkbench();
  const { close } = home;
  return (
    <main class="connection">
      {close && (
        <span class="connection-close">
          <IconButton label={text('action.close')} icon={<CloseIcon />} onClick={() => close()} />
        </span>
      )}
      {state.status === 'unavailable' ? (
        <Unavailable failure={state.failure} />
      ) : (
        <p class="connection-waiting quiet" role="status">
          <SpinnerIcon />
          {text('connection.connecting')}
        </p>
      )}
    </main>
  );
}

function Unavailable({ failure }: Pick<Extract<ConnectionState, { status: 'unavailable' }>, 'failure'>) {
  const { home } = useWorkbench();
  const signedOut = failure.code === 'SIGNED_OUT';
  return (
    <div class="connection-card" role="alert">
      <span class="connection-mark">
        <ErrorIcon />
      </span>
      <h1>{text(signedOut ? 'connection.signed-out' : 'connection.unavailable')}</h1>
      <p>
        <Prose>{said(failure.message)}</Prose>
      </p>
      <section class="connection-remedy">
        <h2>{text('failure.what-to-do')}</h2>
        <p>
          <Prose>{said(failure.remedy)}</Prose>
        </p>
      </section>
      <div class="connection-foot">
        <Button icon={<ReloadIcon />} onClick={() => home.connection.retry()}>
          {text('action.retry')}
        </Button>
        <p class="quiet">{text(signedOut ? 'connection.waiting.signed-out' : 'connection.waiting')}</p>
      </div>
      <p class="connection-code quiet">{text('failure.code', { code: failure.code })}</p>
    </div>
  );
}
