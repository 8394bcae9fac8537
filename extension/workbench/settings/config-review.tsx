import { useEffect, useRef, useState } from 'preact/hooks';
import type { ConfigDraft } from '#shared/api/config.ts';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import { Button } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { SpinnerIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';

type Diff = typeof import('../editor/diff-view.tsx').DiffView;

interface ConfigReviewProps {
  draft: ConfigDraft;
  busy: boolean;
  onWrite: (draft: ConfigDraft) => void;
  onCancel: () => void;
}

/** The file as it is and as it would be, before it is. */
export function ConfigReview({ draft, busy, onWrite, onCancel }: ConfigReviewProps) {
  const [diff, setDiff] = useState<{ Diff: Diff }>();
  const [failure, setFailure] = useState<VitrineError>();
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    // It comes with the editor, which is fetched with its first use.
    import('../editor/diff-view.tsx').then(
      ({ DiffView }) => setDiff({ Diff: DiffView }),
      (thrown: unknown) => setFailure(toVitrineError(thrown)),
    );
  }, []);
  useEffect(() => {
    if (!diff) return;
    section.current?.focus();
    section.current?.scrollIntoView({ block: 'nearest' });
  }, [diff]);
  const { path, before, after } = draft;
  return (
    <section
      class="config-review"
      aria-label={text('config.would-write', { path })}
      tabIndex={-1}
      ref={section}
    >
      <h3>{text(draft.version === null ? 'config.would-make' : 'config.would-write', { path })}</h3>
      {failure && <FailureNotice failure={failure} />}
      {diff ? (
        <diff.Diff
          path={path}
          before={before}
          after={after}
          layout="inline"
          labels={{
            before: text('editor.diff.before', { path }),
            after: text('editor.diff.after', { path }),
          }}
        />
      ) : (
        !failure && (
          <p class="quiet" role="status">
            <SpinnerIcon /> {text('editor.loading')}
          </p>
        )
      )}
      <div class="config-actions">
        <Button kind="primary" busy={busy} disabled={!diff} onClick={() => onWrite(draft)}>
          {text('config.write')}
        </Button>
        <Button onClick={onCancel}>{text('config.back')}</Button>
      </div>
    </section>
  );
}
