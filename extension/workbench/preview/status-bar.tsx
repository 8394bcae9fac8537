import './status-bar.css';
import type { Environment } from '#shared/api/environment.ts';
import { ConsoleIcon, ErrorIcon, WarningIcon } from '../icons/icons.tsx';
import { consoleOpen } from '../layout/shares.ts';
import { formatDuration } from '../text/duration.ts';
import { text } from '../text/text.ts';
import type { PreviewModel } from './preview-model.ts';

/** The foot of a preview: the console's handle, and what the channels tell in passing. */
export function StatusBar({ preview, environment }: { preview: PreviewModel; environment: Environment }) {
  const errors = preview.console.errors.value;
  const warnings = preview.console.warnings.value;
  const hotUpdateMs = preview.hotUpdateMs.value;
  const viewers = preview.viewers.value;
  return (
    <footer class="status-bar">
      <button
        type="button"
        class="console-handle"
        aria-expanded={consoleOpen.value}
        title={text(consoleOpen.value ? 'console.hide' : 'console.show')}
        onClick={() => (consoleOpen.value = !consoleOpen.value)}
      >
        <ConsoleIcon />
        {text('console.heading')}
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
      </button>
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
    </footer>
  );
}
