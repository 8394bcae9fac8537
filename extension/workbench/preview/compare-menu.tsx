import type { Environment } from '#shared/api/environment.ts';
import { toVitrineError } from '#shared/errors.ts';
import { groupAttempts } from '../attempts/group-attempts.ts';
import { Menu } from '../design/menu.tsx';
import { Name } from '../design/name.tsx';
import { StatusMark } from '../design/status-mark.tsx';
import { CompareIcon } from '../icons/icons.tsx';
import { said } from '../text/said.ts';
import { text } from '../text/text.ts';
import { useSession, useWorkbench } from '../workbench-context.ts';

/** More than this is a list, not a menu. */
const MOST_ITEMS = 50;

/** Puts another attempt beside this one, started if it was not. */
export function CompareMenu({ environment }: { environment: Environment }) {
  const workbench = useWorkbench();
  const session = useSession();
  const attempts = session.attempts.list.value ?? { attempts: [], sources: [] };
  const rows = groupAttempts(attempts, session.environments.list.value, { query: '', openOnly: false })
    .flatMap((group) => group.rows)
    .filter((row) => row.environment?.id !== environment.id)
    // What runs already comes first.
    .toSorted((a, b) => Number(Boolean(b.environment)) - Number(Boolean(a.environment)))
    .slice(0, MOST_ITEMS);
  return (
    <Menu
      label={text('preview.compare.with')}
      heading={text('preview.compare.with')}
      empty={text('preview.compare.none')}
      buttonClass="button"
      items={rows.map((row) => ({
        key: row.key,
        icon: <StatusMark status={row.environment?.status ?? 'none'} />,
        label: <Name of={row.title || text('attempts.untitled')} />,
        onSelect: () => {
          if (row.environment) workbench.view.compareWith(row.environment.id);
          else if (row.attempt) {
            workbench
              .compareWithAttempt(row.attempt)
              .catch((thrown: unknown) => workbench.announce(said(toVitrineError(thrown).message)));
          }
        },
      }))}
    >
      <CompareIcon />
      {text('preview.compare')}
    </Menu>
  );
}
