import './url-bar.css';
import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import type { Environment } from '#shared/api/environment.ts';
import { IconButton } from '../design/button.tsx';
import { BackIcon, DeviceIcon, ErrorIcon, ForwardIcon, OpenIcon, ReloadIcon } from '../icons/icons.tsx';
import { said } from '../text/said.ts';
import { text } from '../text/text.ts';
import { openAppInTab } from './actions.ts';
import type { PreviewModel } from './preview-model.ts';
import { ScreenshotMenu } from './screenshot-menu.tsx';

/** Where the app is, and the ways to send it elsewhere. */
export function UrlBar({ preview, environment }: { preview: PreviewModel; environment: Environment }) {
  const { frame } = preview;
  const input = useRef<HTMLInputElement>(null);
  /** What is being typed; undefined while nobody types. */
  const draft = useSignal<string | undefined>(undefined);
  const routesId = useId();
  const running = frame.document.value !== undefined;
  const error = preview.buildError.value;
  return (
    <div class="url-bar">
      <IconButton
        label={text('preview.back')}
        icon={<BackIcon />}
        disabled={!running || !frame.canGoBack.value}
        onClick={() => frame.back()}
      />
      <IconButton
        label={text('preview.forward')}
        icon={<ForwardIcon />}
        disabled={!running || !frame.canGoForward.value}
        onClick={() => frame.forward()}
      />
      <IconButton
        label={text('preview.reload')}
        icon={<ReloadIcon />}
        disabled={!running}
        onClick={() => frame.reload()}
      />
      <form
        class="url-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (draft.value !== undefined) frame.go(draft.value);
          draft.value = undefined;
          input.current?.blur();
        }}
      >
        <span class="url-host quiet" title={environment.origin}>
          {new URL(environment.origin).host}
        </span>
        <input
          ref={input}
          class="url-route"
          type="text"
          inputMode="url"
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          aria-label={text('preview.route')}
          title={frame.route.value}
          list={routesId}
          disabled={!running}
          value={draft.value ?? frame.route.value}
          onFocus={(event) => event.currentTarget.select()}
          onInput={(event) => (draft.value = event.currentTarget.value)}
          onBlur={() => (draft.value = undefined)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            draft.value = undefined;
            event.currentTarget.blur();
          }}
        />
        <datalist id={routesId}>
          {preview.facts.routes.value.map((route) => (
            <option key={route} value={route} />
          ))}
        </datalist>
        {error && (
          <span class="build-badge" role="status" title={buildErrorTitle(error)}>
            <ErrorIcon />
            {text('preview.build-error')}
          </span>
        )}
      </form>
      <IconButton
        label={text('device.toggle')}
        icon={<DeviceIcon />}
        pressed={preview.device.size.value !== undefined}
        onClick={() => (preview.device.size.peek() ? preview.device.fill() : preview.device.choose('phone'))}
      />
      <ScreenshotMenu preview={preview} environment={environment} />
      <IconButton
        label={text('preview.open-in-tab')}
        icon={<OpenIcon />}
        onClick={() => void openAppInTab(preview)}
      />
    </div>
  );
}

function buildErrorTitle({ file, line, column, message }: NonNullable<PreviewModel['buildError']['value']>) {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return place ? `${place}\n${said(message)}` : said(message);
}
