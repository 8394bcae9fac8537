import './status-bar.css';
import type { ComponentChildren } from 'preact';
import type { Environment } from '#shared/api/environment.ts';
import { ConsoleIcon, EditorIcon, ErrorIcon, NetworkIcon, WarningIcon } from '../icons/icons.tsx';
import { dock, editorShown, toggleDock } from '../layout/panels.ts';
import { formatDuration } from '../text/duration.ts';
import { text } from '../text/text.ts';
import { FeedbackButtons } from './feedback.tsx';
import type { PreviewModel } from './preview-model.ts';

/** The foot of a preview: handles of the panels, and what the channels tell in passing. */
export function StatusBar({ preview, environment }: { preview: PreviewModel; environment: Environment }) {
  const errors = preview.console.errors.value;
  const warnings = preview.console.warnings.value;
  const hotUpdateMs = preview.hotUpdateMs.value;
  const troubled = preview.network.troubled.value;
  const viewers = preview.viewers.value;
  return (
    <footer class="status-bar">
      <span class="panel-handles">
        <Handle
          class="console-handle"
          open={dock.value === 'console'}
          label={text('console.heading')}
          icon={<ConsoleIcon />}
          onClick={() => toggleDock('console')}
        >
          {errors > 0 && (
            <span class="count bad" title={text('console.errors', { count: errors })}>
              <ErrorIcon />
              {errors}
            </span>
          )}
          {warnings > 0 && (
            <span class="count warn" title={text('console.warnings', { count: warnings })}>
              <WarningIcon />
              {warnings}
            </span>
          )}
        </Handle>
        <Handle
          class="network-handle"
          open={dock.value === 'network'}
          label={text('network.heading')}
          icon={<NetworkIcon />}
          onClick={() => toggleDock('network')}
        >
          {troubled > 0 && (
            <span class="count bad" title={text('network.troubled', { count: troubled })}>
              <ErrorIcon />
              {troubled}
            </span>
          )}
        </Handle>
        <Handle
          class="editor-handle"
          open={editorShown.value}
          label={text('editor.heading')}
          icon={<EditorIcon />}
          onClick={() => (editorShown.value = !editorShown.value)}
        />
      </span>
      <span class="status-facts quiet">
        {preview.channelStatus.value === 'waiting' && (
          <span role="status">{text('console.reconnecting')}</span>
        )}
        {viewers > 1 && <span>{text('preview.viewers', { count: viewers })}</span>}
        {hotUpdateMs !== undefined && (
          <span>{text('preview.hot-update', { time: formatDuration(hotUpdateMs) })}</span>
        )}
        <span class="status-kind truncate" title={environment.providerReason}>
          {environment.provider} · {environment.runtime}
        </span>
      </span>
      <FeedbackButtons preview={preview} environment={environment} />
    </footer>
  );
}

interface HandleProps {
  class: string;
  open: boolean;
  label: string;
  icon: ComponentChildren;
  onClick: () => void;
  children?: ComponentChildren;
}

/** Opens and closes one panel. */
function Handle(props: HandleProps) {
  return (
    <button
      type="button"
      class={`panel-handle ${props.class}`}
      aria-expanded={props.open}
      title={text(props.open ? 'panel.hide' : 'panel.show', { panel: props.label })}
      onClick={props.onClick}
    >
      {props.icon}
      {props.label}
      {props.children}
    </button>
  );
}
