import './status-bar.css';
import type { ComponentChildren } from 'preact';
import type { Environment } from '#shared/api/environment.ts';
import { shortcutKeys } from '../commands/shortcuts.ts';
import { ConsoleIcon, EditorIcon, ErrorIcon, NetworkIcon, WarningIcon } from '../icons/icons.tsx';
import { editorShown, shownDock, toggleDock } from '../layout/panels.ts';
import { said } from '../text/said.ts';
import { text } from '../text/text.ts';
import { FeedbackButtons } from './feedback.tsx';
import { PerformanceFacts } from './performance-facts.tsx';
import type { PreviewModel } from './preview-model.ts';

const MOST_SHOWN = 99;

/** The foot of a preview: handles of the panels, and what the channels tell in passing. */
export function StatusBar({ preview, environment }: { preview: PreviewModel; environment: Environment }) {
  const shown = shownDock();
  const errors = preview.console.errors.value;
  const warnings = preview.console.warnings.value;
  const troubled = preview.network.troubled.value;
  const viewers = preview.viewers.value;
  return (
    <footer class="status-bar">
      <span class="panel-handles">
        <Handle
          panel="console"
          open={shown.includes('console')}
          label={text('console.heading')}
          icon={<ConsoleIcon />}
          onClick={() => toggleDock('console')}
        >
          {errors > 0 && (
            <span class="count bad" title={text('console.errors', { count: errors })}>
              <ErrorIcon />
              {shownCount(errors)}
            </span>
          )}
          {warnings > 0 && (
            <span class="count warn" title={text('console.warnings', { count: warnings })}>
              <WarningIcon />
              {shownCount(warnings)}
            </span>
          )}
        </Handle>
        <Handle
          panel="network"
          open={shown.includes('network')}
          label={text('network.heading')}
          icon={<NetworkIcon />}
          onClick={() => toggleDock('network')}
        >
          {troubled > 0 && (
            <span class="count bad" title={text('network.troubled', { count: troubled })}>
              <ErrorIcon />
              {shownCount(troubled)}
            </span>
          )}
        </Handle>
        <Handle
          panel="editor"
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
        <PerformanceFacts facts={preview.facts} />
        <span class="status-kind truncate" title={said(environment.providerReason)}>
          {environment.provider} · {environment.runtime}
        </span>
      </span>
      <FeedbackButtons preview={preview} environment={environment} />
    </footer>
  );
}

/** The whole number is in the tooltip. */
function shownCount(count: number): string {
  return count > MOST_SHOWN ? `${MOST_SHOWN}+` : String(count);
}

interface HandleProps {
  panel: 'console' | 'network' | 'editor';
  open: boolean;
  label: string;
  icon: ComponentChildren;
  onClick: () => void;
  children?: ComponentChildren;
}

/** Opens and closes one panel. */
function Handle(props: HandleProps) {
  const keys = shortcutKeys(props.panel);
  const does = text(props.open ? 'panel.hide' : 'panel.show', { panel: props.label });
  return (
    <button
      type="button"
      class={`panel-handle ${props.panel}-handle`}
      aria-expanded={props.open}
      aria-keyshortcuts={keys?.aria}
      title={keys ? `${does} (${keys.shown})` : does}
      onClick={props.onClick}
    >
      {props.icon}
      <span class="truncate">{props.label}</span>
      {props.children}
    </button>
  );
}
