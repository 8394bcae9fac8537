import { targetOf } from './shown-target.ts';
import '../preview/preview.css';
import '../preview/preview-header.css';
import '../preview/preview-stage.css';
import { Button, IconButton } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { Name } from '../design/name.tsx';
import { BackIcon, CloseIcon, ExpandIcon, SpinnerIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { useWorkbench } from '../workbench-context.ts';
import { ListToggle } from './list-toggle.tsx';
import type { View } from './view.ts';
import { wide } from './wide.ts';

/** An environment was asked for and is not there yet, or was refused. */
export function OpeningPane({ view }: { view: Extract<View, { kind: 'opening' }> }) {
  const workbench = useWorkbench();
  const { close, openInTab } = workbench.home;
  const title = view.request.title || text('opening.title');
  return (
    <section class="preview" aria-label={text('opening.title')}>
      <header class="preview-header opening-header">
        {wide.value ? (
          <ListToggle />
        ) : (
          <IconButton
            label={text('action.back-to-list')}
            icon={<BackIcon />}
            onClick={() => workbench.view.showAttempts()}
          />
        )}
        <h1 class="identity-title identity">
          <Name of={title} />
        </h1>
        {openInTab && (
          <IconButton
            label={text('preview.open-workbench')}
            icon={<ExpandIcon />}
            onClick={() => openInTab(targetOf(view))}
          />
        )}
        {close && <IconButton label={text('action.close')} icon={<CloseIcon />} onClick={() => close()} />}
      </header>
      <div class="stage">
        <div class="overlay">
          {view.failure ? (
            <FailureNotice
              title={text('opening.failed')}
              failure={view.failure}
              actions={
                <>
                  <Button kind="primary" onClick={() => void workbench.open(view.request)}>
                    {text('action.retry')}
                  </Button>
                  <Button onClick={() => workbench.view.showAttempts()}>{text('action.back-to-list')}</Button>
                </>
              }
            />
          ) : (
            <p class="connection-waiting quiet" role="status">
              <SpinnerIcon />
              {text('opening.detail')}
            </p>
          )}
        </div>
      </div>
    </section>
  );
}
