import { useEffect, useState } from 'preact/hooks';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import { Button } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { SpinnerIcon } from '../icons/icons.tsx';
import type { PreviewModel } from '../preview/preview-model.ts';
import { text } from '../text/text.ts';

type Pane = typeof import('./editor-pane.tsx').EditorPane;

/** The editor, fetched the first time it is shown: it is larger than all the rest of the workbench. */
export function LazyEditor({ preview }: { preview: PreviewModel }) {
  const [pane, setPane] = useState<{ Pane: Pane }>();
  const [failure, setFailure] = useState<VitrineError>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setFailure(undefined);
    import('./editor-pane.tsx').then(
      ({ EditorPane }) => setPane({ Pane: EditorPane }),
      (thrown: unknown) => setFailure(toVitrineError(thrown)),
    );
  }, [attempt]);
  if (pane) return <pane.Pane preview={preview} />;
  return (
    <section class="preview-notice" aria-label={text('editor.heading')}>
      {failure ? (
        <FailureNotice
          failure={failure}
          actions={<Button onClick={() => setAttempt(attempt + 1)}>{text('action.retry')}</Button>}
        />
      ) : (
        <p class="quiet" role="status">
          <SpinnerIcon /> {text('editor.loading')}
        </p>
      )}
    </section>
  );
}
