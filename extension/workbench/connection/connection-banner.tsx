import { Button } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { text } from '../text/text.ts';
import { useWorkbench } from '../workbench-context.ts';

/** The companion went away while something is on screen: that stays, and this says why nothing moves. */
export function ConnectionBanner() {
  const { home } = useWorkbench();
  const state = home.connection.state.value;
  if (state.status !== 'unavailable') return null;
  return (
    <div class="connection-banner">
      <FailureNotice
        tone="warn"
        title={text('connection.lost')}
        failure={state.failure}
        actions={<Button onClick={() => home.connection.retry()}>{text('action.retry')}</Button>}
      />
    </div>
  );
}
