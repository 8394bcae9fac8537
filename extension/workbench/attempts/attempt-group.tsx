import { useState } from 'preact/hooks';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import { Button, IconButton } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { BoardIcon, CloseIcon, FolderIcon, ScreenIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { useSession } from '../workbench-context.ts';
import { AttemptRowView } from './attempt-row.tsx';
import type { SourceKind } from './attempt-store.ts';
import { type AttemptGroup, shortLocation } from './group-attempts.ts';

const ICONS = { board: BoardIcon, repository: FolderIcon, elsewhere: ScreenIcon };

/** A source and its attempts. One that could not be read says so here, and hides nothing else. */
export function AttemptGroupView({ group, filtering }: { group: AttemptGroup; filtering: boolean }) {
  const { attempts } = useSession();
  const [removal, setRemoval] = useState<VitrineError>();
  const { kind, location, failure } = group;
  if (filtering && group.rows.length === 0) return null;
  const GroupIcon = ICONS[kind];
  const name = kind === 'elsewhere' ? text('attempts.group.elsewhere') : shortLocation(kind, location);
  const label = kind === 'elsewhere' ? name : text(`attempts.group.${kind}`, { location });
  return (
    <section class="group" aria-label={label}>
      <header class="group-header">
        <GroupIcon />
        <h2 class="truncate" title={label}>
          <bdi>{name}</bdi>
        </h2>
        <span class="quiet">{group.rows.length}</span>
        {kind !== 'elsewhere' && (
          <IconButton
            class="group-remove"
            label={text(`attempts.group.remove.${kind}`)}
            icon={<CloseIcon />}
            onClick={() => void remove(kind)}
          />
        )}
      </header>
      {failure && (
        <div class="attempts-notice">
          <FailureNotice
            tone="warn"
            failure={failure}
            actions={<Button onClick={() => void attempts.refresh()}>{text('action.retry')}</Button>}
          />
        </div>
      )}
      {removal && (
        <div class="attempts-notice">
          <FailureNotice failure={removal} onDismiss={() => setRemoval(undefined)} />
        </div>
      )}
      {kind !== 'elsewhere' && group.total === 0 && !failure && (
        <p class="group-empty quiet">{text(`attempts.group.empty.${kind}`)}</p>
      )}
      <ul>
        {group.rows.map((row) => (
          <AttemptRowView key={row.key} row={row} />
        ))}
      </ul>
    </section>
  );

  async function remove(source: SourceKind): Promise<void> {
    try {
      await attempts.removeSource(source, location);
    } catch (thrown) {
      setRemoval(toVitrineError(thrown));
    }
  }
}
