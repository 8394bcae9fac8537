import './preview-header.css';
import type { Environment } from '#shared/api/environment.ts';
import { agentName } from '../attempts/group-attempts.ts';
import { IconButton } from '../design/button.tsx';
import { Menu, type MenuItem } from '../design/menu.tsx';
import { Name } from '../design/name.tsx';
import { StatusMark } from '../design/status-mark.tsx';
import {
  BackIcon,
  BranchIcon,
  CloseIcon,
  ExpandIcon,
  MoreIcon,
  PauseIcon,
  PlayIcon,
  RestartIcon,
  StopIcon,
} from '../icons/icons.tsx';
import { ListToggle } from '../layout/list-toggle.tsx';
import { wide } from '../layout/wide.ts';
import { text } from '../text/text.ts';
import { useWorkbench } from '../workbench-context.ts';
import { actOn } from './actions.ts';
import { BackendStateLabel } from './backend-state.tsx';
import { CompareMenu } from './compare-menu.tsx';
import { IsolationBadge } from './isolation-badge.tsx';
import type { PreviewModel } from './preview-model.ts';
import { ProviderMenu, providerItems } from './provider-menu.tsx';

interface PreviewHeaderProps {
  preview: PreviewModel;
  environment: Environment;
  side: 'first' | 'second';
}

/** Which attempt this is, how it runs, and what can be done with it. */
export function PreviewHeader({ preview, environment, side }: PreviewHeaderProps) {
  const workbench = useWorkbench();
  const { home, view } = workbench;
  const { openInTab, close } = home;
  const actions = lifecycleItems(preview, environment, () => workbench.end([environment]));
  const openItem: MenuItem[] = openInTab
    ? [
        {
          key: 'open',
          label: text('preview.open-workbench'),
          icon: <ExpandIcon />,
          onSelect: () => openInTab({ kind: 'environment', environmentId: environment.id }),
        },
      ]
    : [];
  return (
    <header class="preview-header">
      {!wide.value && (
        <IconButton
          label={text('action.back-to-list')}
          icon={<BackIcon />}
          onClick={() => view.showAttempts()}
        />
      )}
      {wide.value && side === 'first' && <ListToggle />}
      <Identity preview={preview} environment={environment} />
      <IsolationBadge environment={environment} />
      <div class="header-actions">
        {wide.value && side === 'first' && <CompareMenu environment={environment} />}
        <span class="roomy-actions">
          {actions.map((item) => (
            <IconButton
              key={item.key}
              label={String(item.label)}
              icon={item.icon}
              disabled={item.disabled}
              onClick={item.onSelect}
            />
          ))}
          {openItem.map((item) => (
            <IconButton key={item.key} label={String(item.label)} icon={item.icon} onClick={item.onSelect} />
          ))}
        </span>
        <span class="tight-actions">
          <Menu
            label={text('action.more')}
            items={[
              ...openItem,
              ...actions,
              ...providerItems(preview, environment).map((item, index) =>
                index === 0 ? { ...item, heading: text('preview.provider') } : item,
              ),
            ]}
          >
            <MoreIcon />
          </Menu>
        </span>
        {side === 'second' && (
          <IconButton
            label={text('preview.compare.close')}
            icon={<CloseIcon />}
            onClick={() => view.leave(environment.id)}
          />
        )}
        {close && side === 'first' && (
          <IconButton label={text('action.close')} icon={<CloseIcon />} onClick={() => close()} />
        )}
      </div>
    </header>
  );
}

function Identity({ preview, environment }: Pick<PreviewHeaderProps, 'preview' | 'environment'>) {
  const title = environment.title || text('attempts.untitled');
  const agent = agentName(environment.agentId);
  return (
    <div class="identity">
      <h1 class="identity-title">
        <StatusMark status={environment.status} />
        <Name of={title} />
      </h1>
      <p class="identity-meta quiet">
        {agent && <Name class="identity-agent" of={agent} label={text('preview.agent')} />}
        <span class="identity-branch">
          <BranchIcon />
          <Name of={environment.branch} label={text('preview.branch')} />
        </span>
        <BackendStateLabel environment={environment} />
        <ProviderMenu preview={preview} environment={environment} />
      </p>
    </div>
  );
}

function lifecycleItems(preview: PreviewModel, { status }: Environment, onStop: () => void): MenuItem[] {
  const busy = preview.session.environments.busy.value.has(preview.id);
  const suspended = status === 'suspended';
  return [
    {
      key: 'suspend',
      label: text(suspended ? 'preview.resume' : 'preview.suspend'),
      icon: suspended ? <PlayIcon /> : <PauseIcon />,
      disabled: busy || (status !== 'running' && !suspended),
      onSelect: () => void actOn(preview, suspended ? 'resume' : 'suspend'),
    },
    {
      key: 'restart',
      label: text('preview.restart'),
      icon: <RestartIcon />,
      disabled: busy,
      onSelect: () => void actOn(preview, 'restart'),
    },
    {
      key: 'stop',
      label: text('preview.stop'),
      icon: <StopIcon />,
      danger: true,
      disabled: busy,
      onSelect: onStop,
    },
  ];
}
