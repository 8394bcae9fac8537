import { useSignal } from '@preact/signals';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import { AddSource } from '../attempts/add-source.tsx';
import type { SourceKind } from '../attempts/attempt-store.ts';
import { IconButton } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { Name } from '../design/name.tsx';
import { BoardIcon, CloseIcon, FolderIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { useSession } from '../workbench-context.ts';

/** Boards and repositories whose attempts are listed. */
export function SourcesSection() {
  const { attempts } = useSession();
  const failure = useSignal<VitrineError | undefined>(undefined);
  const remove = async (kind: SourceKind, location: string) => {
    failure.value = undefined;
    try {
      await attempts.removeSource(kind, location);
    } catch (thrown) {
      failure.value = toVitrineError(thrown);
    }
  };
  const sources = attempts.list.value?.sources ?? [];
  return (
    <>
      {sources.length > 0 && (
        <ul class="source-list">
          {sources.map(({ kind, location }) => (
            <li key={`${kind} ${location}`} class="setting">
              {kind === 'board' ? <BoardIcon /> : <FolderIcon />}
              <Name of={location} />
              <IconButton
                label={text('settings.remove-source', { location })}
                icon={<CloseIcon />}
                onClick={() => void remove(kind, location)}
              />
            </li>
          ))}
        </ul>
      )}
      {failure.value && (
        <FailureNotice failure={failure.value} onDismiss={() => (failure.value = undefined)} />
      )}
      <AddSource onDone={() => undefined} />
    </>
  );
}
