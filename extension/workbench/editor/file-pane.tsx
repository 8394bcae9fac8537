import { useSignal } from '@preact/signals';
import { Button } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { SpinnerIcon } from '../icons/icons.tsx';
import { formatBytes } from '../text/bytes.ts';
import { text } from '../text/text.ts';
import { useWorkbench } from '../workbench-context.ts';
import { CodeView } from './code-view.tsx';
import { DiffView } from './diff-view.tsx';
import type { EditorModel } from './editor-model.ts';
import type { Side } from './merge-texts.ts';
import type { OpenFile } from './open-file.ts';

/** An open file: its code, and what stands between it and the disk. */
export function FilePane({ editor, path }: { editor: EditorModel; path: string }) {
  const file = editor.file(path);
  const status = file.status.value;
  const failure = file.failure.value;
  const obstacle = file.obstacle.value;
  return (
    <>
      {failure && (
        <div class="editor-notice">
          <FailureNotice
            failure={failure}
            actions={
              <Button onClick={() => void (status === 'failed' ? file.refresh() : file.save())}>
                {text('action.retry')}
              </Button>
            }
          />
        </div>
      )}
      {status === 'loading' && (
        <p class="editor-message quiet" role="status">
          <SpinnerIcon /> {text('editor.loading')}
        </p>
      )}
      {status === 'unreadable' && (
        <p class="editor-message quiet">
          {text(obstacle === 'too-large' ? 'editor.too-large' : 'editor.binary', {
            bytes: formatBytes(file.size.value),
          })}
        </p>
      )}
      {status === 'ready' && (
        <>
          {obstacle === 'not-utf8' && <p class="editor-hint">{text('editor.not-utf8')}</p>}
          {obstacle === 'name-not-utf8' && <p class="editor-hint">{text('editor.name-not-utf8')}</p>}
          {obstacle === 'read-only' && <p class="editor-hint">{text('editor.read-only')}</p>}
          {file.isGone.value && (
            <p class="editor-hint">
              {text('editor.gone')}
              <Button onClick={() => void file.save()}>{text('editor.gone.restore')}</Button>
            </p>
          )}
          {file.conflict.value && <Conflict file={file} />}
          <CodeView key={path} editor={editor} file={file} />
        </>
      )}
    </>
  );
}

/** Both sides changed the same lines: nothing is written until somebody has looked. */
function Conflict({ file }: { file: OpenFile }) {
  const workbench = useWorkbench();
  const shows = useSignal(false);
  const theirs = file.conflict.value;
  if (!theirs) return null;
  const resolve = async (side: Side) => {
    const otherwise = await file.resolve(side);
    if (otherwise === undefined) return;
    workbench.announce(text(side === 'mine' ? 'editor.conflict.kept' : 'editor.conflict.taken'), {
      label: text('action.undo'),
      isUndo: true,
      run: () => (file.text.value = otherwise),
    });
  };
  return (
    <div class="editor-notice">
      <FailureNotice
        tone="warn"
        title={text('editor.conflict.title')}
        failure={{ message: text('editor.conflict.body'), remedy: '' }}
        actions={
          <>
            <Button onClick={() => (shows.value = !shows.value)}>
              {text(shows.value ? 'editor.conflict.hide' : 'editor.conflict.show')}
            </Button>
            <Button onClick={() => void resolve('mine')}>{text('editor.conflict.mine')}</Button>
            <Button onClick={() => void resolve('theirs')}>{text('editor.conflict.theirs')}</Button>
          </>
        }
      />
      {shows.value && (
        <div class="conflict-diff">
          <div class="conflict-sides quiet" aria-hidden="true">
            <span>{text('editor.conflict.on-disk')}</span>
            <span>{text('editor.conflict.typed')}</span>
          </div>
          <DiffView
            path={file.path}
            before={theirs.text}
            after={file.text.value}
            layout="split"
            labels={{ before: text('editor.conflict.on-disk'), after: text('editor.conflict.typed') }}
          />
        </div>
      )}
    </div>
  );
}
