import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { BaseFile } from '#shared/api/source.ts';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import { Button } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { SpinnerIcon } from '../icons/icons.tsx';
import { shownPath } from '../text/name.ts';
import { text } from '../text/text.ts';
import { diffLayoutOf, wholeFiles } from './diff-layout.tsx';
import { DiffView } from './diff-view.tsx';
import type { EditorModel } from './editor-model.ts';
import { toDocument } from './text-format.ts';

/** What an attempt changed in one file since it began; what is being typed counts. */
export function DiffBody({ editor, path }: { editor: EditorModel; path: string }) {
  const base = useSignal<BaseFile | undefined>(undefined);
  const failure = useSignal<VitrineError | undefined>(undefined);
  const attempt = useSignal(0);
  const { status, from = path } = editor.changed.value.find((file) => file.path === path) ?? {};
  const file = status === 'deleted' ? undefined : editor.file(path);
  const commit = editor.tree.value?.base?.commit;

  useEffect(() => {
    const abort = new AbortController();
    failure.value = undefined;
    editor.session.client.sources.getBase(editor.id, from, abort.signal).then(
      (found) => (base.value = found),
      (thrown: unknown) => {
        if (!abort.signal.aborted) failure.value = toVitrineError(thrown);
      },
    );
    return () => abort.abort();
    // Another commit is another beginning.
  }, [editor, from, commit, attempt.value]);

  if (failure.value) {
    return (
      <div class="editor-message">
        <FailureNotice
          failure={failure.value}
          actions={<Button onClick={() => (attempt.value += 1)}>{text('action.retry')}</Button>}
        />
      </div>
    );
  }
  if (!base.value || file?.status.value === 'loading') {
    return (
      <p class="editor-message quiet" role="status">
        <SpinnerIcon /> {text('editor.loading')}
      </p>
    );
  }
  if (base.value.obstacle || file?.status.value === 'unreadable')
    return <p class="editor-message quiet">{text('editor.diff.binary')}</p>;
  return (
    <DiffView
      path={path}
      before={toDocument(base.value.content ?? '').text}
      after={file?.text.value ?? ''}
      layout={diffLayoutOf(editor)}
      whole={wholeFiles.value}
      labels={{
        before: text('editor.diff.before', { path: shownPath(from) }),
        after: text('editor.diff.after', { path: shownPath(path) }),
      }}
    />
  );
}
