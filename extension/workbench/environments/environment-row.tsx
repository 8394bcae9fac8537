import type { Environment } from '#shared/api/environment.ts';
import type { UsageSample } from '#shared/api/usage.ts';
import { toVitrineError } from '#shared/errors.ts';
import { agentName } from '../attempts/group-attempts.ts';
import { IconButton } from '../design/button.tsx';
import { Menu, type MenuItem } from '../design/menu.tsx';
import { Name } from '../design/name.tsx';
import { StatusMark } from '../design/status-mark.tsx';
import {
  BranchIcon,
  MoreIcon,
  OpenIcon,
  PauseIcon,
  PlayIcon,
  RestartIcon,
  StopIcon,
  UndoIcon,
} from '../icons/icons.tsx';
import { IsolationBadge } from '../preview/isolation-badge.tsx';
import { formatAge } from '../text/age.ts';
import { withoutDirectionMarks } from '../text/name.ts';
import { said } from '../text/said.ts';
import { text } from '../text/text.ts';
import { useSession, useWorkbench } from '../workbench-context.ts';
import { canAct, type EnvironmentAction } from './environment-store.ts';
import { Usage } from './usage.tsx';

interface EnvironmentRowProps {
  environment: Environment;
  now: number;
  /** What it used lately; none where that is not measured, absent while it is not known. */
  samples: readonly UsageSample[] | undefined;
  busy: boolean;
  /** It is about to be ended and can still be kept. */
  isEnding: boolean;
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
  onAct: (action: EnvironmentAction) => void;
  onEnd: () => void;
  onUndo: () => void;
}

export function EnvironmentRow(props: EnvironmentRowProps) {
  const { environment, now, busy, isEnding } = props;
  const workbench = useWorkbench();
  const title = environment.title || text('attempts.untitled');
  const agent = agentName(environment.agentId);
  return (
    <li class={isEnding ? 'environment ending' : 'environment'}>
      <input
        type="checkbox"
        aria-label={text('environments.select', { title })}
        checked={props.isChosen}
        disabled={isEnding}
        onChange={(event) => props.onChoose(event.currentTarget.checked)}
      />
      <button
        type="button"
        class="environment-main"
        aria-label={[
          text('attempts.show.of', { title: withoutDirectionMarks(title) }),
          agent,
          withoutDirectionMarks(environment.branch),
        ]
          .filter(Boolean)
          .join(', ')}
        aria-description={text(`status.${environment.status}`)}
        onClick={() => workbench.view.showEnvironment(environment.id)}
      >
        <span class="environment-title">
          <span class="row-mark" aria-hidden="true">
            <StatusMark status={environment.status} silent />
          </span>
          <Name of={title} />
        </span>{' '}
        <span class="environment-meta quiet">
          {agent && <Name of={agent} />}{' '}
          <span class="identity-branch">
            <BranchIcon />
            <Name of={environment.branch} label={text('preview.branch')} />
          </span>
        </span>
      </button>
      <span class="environment-facts quiet">
        <span class="environment-kind" title={said(environment.providerReason)}>
          {environment.provider} · {environment.runtime}
        </span>
        <span class="environment-age">
          <span title={text('environments.age')}>
            {text('environments.age.ago', { age: formatAge(environment.createdAt, now) })}
          </span>
          <span title={text('environments.used')}>
            {text('environments.used.ago', { age: formatAge(environment.lastUsedAt, now) })}
          </span>
        </span>
        <Usage samples={environment.status === 'running' ? props.samples : undefined} />
      </span>
      <IsolationBadge environment={environment} />
      {isEnding ? (
        // As wide as the menu it stands for: nothing moves.
        <IconButton label={text('attempts.keep.of', { title })} icon={<UndoIcon />} onClick={props.onUndo} />
      ) : (
        <RowMenu {...props} busy={busy} />
      )}
    </li>
  );
}

function RowMenu({ environment, busy, onAct, onEnd }: EnvironmentRowProps) {
  const session = useSession();
  const workbench = useWorkbench();
  const { status, id } = environment;
  const suspended = status === 'suspended';
  const items: MenuItem[] = [
    {
      key: 'open',
      label: text('preview.open-in-tab'),
      icon: <OpenIcon />,
      disabled: status !== 'running',
      onSelect: () =>
        void session.client.environments.get(id, session.signal).then(
          ({ previewUrl }) => window.open(previewUrl, '_blank', 'noopener,noreferrer'),
          (thrown: unknown) => workbench.announce(said(toVitrineError(thrown).message)),
        ),
    },
    {
      key: 'suspend',
      label: text(suspended ? 'preview.resume' : 'preview.suspend'),
      icon: suspended ? <PlayIcon /> : <PauseIcon />,
      disabled: !canAct(environment, suspended ? 'resume' : 'suspend'),
      onSelect: () => onAct(suspended ? 'resume' : 'suspend'),
    },
    {
      key: 'restart',
      label: text('preview.restart'),
      icon: <RestartIcon />,
      onSelect: () => onAct('restart'),
    },
    { key: 'stop', label: text('preview.stop'), icon: <StopIcon />, danger: true, onSelect: onEnd },
  ];
  return (
    <Menu
      label={text('environments.actions', { title: environment.title })}
      items={items.map((item) => ({ ...item, disabled: item.disabled || busy }))}
    >
      <MoreIcon />
    </Menu>
  );
}
