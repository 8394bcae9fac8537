import './preview.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { LazyEditor } from '../editor/lazy-editor.tsx';
import { dockIsRoomy, editorShown, shownDock } from '../layout/panels.ts';
import { DOCK_SHARE, dockShare, EDITOR_SHARE, editorShare } from '../layout/shares.ts';
import { SplitPane } from '../layout/split-pane.tsx';
import { text } from '../text/text.ts';
import { useSession, useWorkbench } from '../workbench-context.ts';
import { DeviceBar } from './device-bar.tsx';
import { Dock } from './dock.tsx';
import { PreviewHeader } from './preview-header.tsx';
import { PreviewModel } from './preview-model.ts';
import { PreviewStage } from './preview-stage.tsx';
import { ServiceNotices } from './service-notices.tsx';
import { StatusBar } from './status-bar.tsx';
import { UrlBar } from './url-bar.tsx';

const LEAST_PART_PX = 96;
const LEAST_EDITOR_PX = 280;
/** From here on console and network stand beside each other. */
const ROOMY_DOCK_PX = 640;

interface PreviewPaneProps {
  id: string;
  /** Where it stands; the second of a comparison can be closed by itself. */
  side: 'first' | 'second';
}

/** One environment: its header, its app, its console. Must be keyed by id. */
export function PreviewPane({ id, side }: PreviewPaneProps) {
  const session = useSession();
  const workbench = useWorkbench();
  const { activePreview } = workbench;
  const [preview, setPreview] = useState<PreviewModel>();
  useEffect(() => {
    const made = new PreviewModel(id, session, side === 'first' ? workbench.takeLink() : undefined);
    setPreview(made);
    if (side === 'first') activePreview.value = made;
    return () => {
      made.close();
      if (activePreview.peek() === made) activePreview.value = undefined;
    };
  }, [id, session, side, activePreview, workbench]);
  return preview ? <OpenPreview preview={preview} side={side} /> : <section class="preview" />;
}

function OpenPreview({ preview, side }: { preview: PreviewModel; side: PreviewPaneProps['side'] }) {
  const environment = preview.environment.value;
  const failure = preview.actionFailure.value;
  const section = useRef<HTMLElement>(null);
  const isThere = environment !== undefined;
  useEffect(() => {
    const element = section.current;
    if (!isThere || !element) return;
    const observer = new ResizeObserver(() => {
      dockIsRoomy.value = element.clientWidth >= ROOMY_DOCK_PX;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [isThere]);
  if (!environment) return <MissingPreview preview={preview} />;
  return (
    <section
      class="preview"
      ref={section}
      data-preview={preview.id}
      aria-label={text('preview.frame.title', { title: environment.title })}
    >
      <PreviewHeader preview={preview} environment={environment} side={side} />
      <UrlBar preview={preview} environment={environment} />
      {failure && (
        <div class="preview-notice">
          <FailureNotice
            title={text('preview.action-failed')}
            failure={failure}
            onDismiss={() => (preview.actionFailure.value = undefined)}
          />
        </div>
      )}
      <ServiceNotices preview={preview} environment={environment} />
      <DeviceBar device={preview.device} />
      <SplitPane
        direction="column"
        share={dockShare}
        defaultShare={DOCK_SHARE}
        minPx={LEAST_PART_PX}
        label={text('dock.divider')}
        main={
          <SplitPane
            direction="row"
            share={editorShare}
            defaultShare={EDITOR_SHARE}
            minPx={LEAST_EDITOR_PX}
            label={text('editor.divider')}
            main={<PreviewStage preview={preview} environment={environment} />}
            side={editorShown.value && <LazyEditor preview={preview} />}
          />
        }
        side={shownDock().length > 0 && <Dock preview={preview} />}
      />
      <StatusBar preview={preview} environment={environment} />
    </section>
  );
}

/** Until the companion has told of the environment, and where it knows none. */
function MissingPreview({ preview }: { preview: PreviewModel }) {
  const workbench = useWorkbench();
  const failure = preview.missing.value;
  return (
    <section class="preview">
      <div class="overlay">
        {failure && (
          <FailureNotice
            title={text('preview.load-failed')}
            failure={failure}
            actions={
              <>
                <Button onClick={() => void preview.lookUp()}>{text('action.retry')}</Button>
                <Button onClick={() => workbench.view.showAttempts()}>{text('action.back-to-list')}</Button>
              </>
            }
          />
        )}
      </div>
    </section>
  );
}
