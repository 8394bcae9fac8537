import { IconButton } from '../design/button.tsx';
import { Name } from '../design/name.tsx';
import { StatusMark } from '../design/status-mark.tsx';
import { BranchIcon, PlayIcon, SpinnerIcon, StopIcon, UndoIcon } from '../icons/icons.tsx';
import { withoutDirectionMarks } from '../text/name.ts';
import { text } from '../text/text.ts';
import { useSession, useWorkbench } from '../workbench-context.ts';
import { type AttemptRow, agentName } from './group-attempts.ts';

/** One attempt: a click shows its preview, and starts it where there is none yet. */
export function AttemptRowView({ row }: { row: AttemptRow }) {
  const workbench = useWorkbench();
  const { environments, ends } = useSession();
  const { environment, attempt } = row;
  const view = workbench.view.current.value;
  const shown =
    view.kind === 'preview' &&
    environment !== undefined &&
    (view.environmentId === environment.id || view.compareId === environment.id);
  const opening = view.kind === 'opening' && !view.failure && isRequestOf(row, view.request);
  const title = withoutDirectionMarks(row.title) || text('attempts.untitled');
  const agent = agentName(row.agentId);

  function show(): void {
    if (environment) workbench.view.showEnvironment(environment.id);
    else if (attempt) void workbench.startAttempt(attempt);
  }

  return (
    <li class={shown ? 'attempt chosen' : 'attempt'}>
      <button
        type="button"
        class="row-main"
        aria-current={shown ? 'true' : undefined}
        aria-label={[
          text(environment ? 'attempts.show.of' : 'attempts.start.of', { title }),
          agent,
          withoutDirectionMarks(row.branch),
        ]
          .filter(Boolean)
          .join(', ')}
        aria-description={text(`status.${environment?.status ?? 'none'}`)}
        onClick={show}
        onKeyDown={moveBetweenRows}
      >
        <span class="row-mark" aria-hidden="true">
          {opening ? <SpinnerIcon /> : <StatusMark status={environment?.status ?? 'none'} silent />}
        </span>
        <Name class="row-title" of={title} />{' '}
        <span class="row-meta quiet">
          {agent && <Name class="row-agent" of={agent} label={text('preview.agent')} />} <BranchIcon />
          <Name of={row.branch} label={text('preview.branch')} />
        </span>
      </button>
      {environment && ends.ids.value.has(environment.id) ? (
        <IconButton
          class="row-action"
          label={text('attempts.keep.of', { title })}
          icon={<UndoIcon />}
          onClick={() => ends.undo([environment.id])}
        />
      ) : environment ? (
        <IconButton
          class="row-action"
          label={text('attempts.stop.of', { title })}
          icon={<StopIcon />}
          busy={environments.busy.value.get(environment.id) === 'terminate'}
          onClick={() => workbench.end([environment])}
        />
      ) : (
        <span class="row-action row-start" aria-hidden="true">
          {opening ? text('attempts.starting') : <PlayIcon />}
        </span>
      )}
    </li>
  );
}

function isRequestOf({ attempt }: AttemptRow, request: { taskId: string; worktree?: string }): boolean {
  if (!attempt || attempt.taskId !== request.taskId) return false;
  return request.worktree === undefined || request.worktree === attempt.worktree;
}

/** Up and Down go through the rows of all groups, as in a list of the platform. */
function moveBetweenRows(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const rows = [...document.querySelectorAll<HTMLElement>('.row-main')];
  event.preventDefault();
  rows[rows.indexOf(event.currentTarget) + step]?.focus();
}
