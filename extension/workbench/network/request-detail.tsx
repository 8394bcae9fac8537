import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { NetworkRequest, NetworkRequestDetail } from '#shared/api/network.ts';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import { Button, IconButton } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { Menu } from '../design/menu.tsx';
import { Tabs } from '../design/tabs.tsx';
import { CloseIcon, CopyIcon, MoreIcon, ReloadIcon, SpinnerIcon } from '../icons/icons.tsx';
import { withoutDirectionMarks } from '../text/name.ts';
import { text } from '../text/text.ts';
import { absoluteUrl, asCurl, asFetch } from './copy-request.ts';
import { FramesView } from './frames-view.tsx';
import { HeadersView } from './headers-view.tsx';
import { PayloadView, ResponseView } from './payload-view.tsx';
import { hostOf, urlParts } from './request-type.ts';
import { TimingView } from './timing-view.tsx';

const TABS = ['headers', 'payload', 'response', 'timing', 'frames'] as const;
type Tab = (typeof TABS)[number];

interface RequestDetailProps {
  request: NetworkRequest;
  /** Gives what is kept of it: from the companion, or from a file. */
  fetchDetail: (id: number, signal: AbortSignal) => Promise<NetworkRequestDetail>;
  /** Origin of the preview, for whole addresses. */
  origin: string;
  onAllow?: (host: string) => void;
  /** Sends the request again; absent for requests of a file. */
  onReplay?: ((id: number) => void) | undefined;
  onClose: () => void;
  onCopied: () => void;
}

/** Everything that is known of one request. */
export function RequestDetail(props: RequestDetailProps) {
  const { request, fetchDetail } = props;
  const detail = useSignal<NetworkRequestDetail | undefined>(undefined);
  const failure = useSignal<VitrineError | undefined>(undefined);
  const tab = useSignal<Tab>('headers');
  const attempt = useSignal(0);

  useEffect(() => {
    const abort = new AbortController();
    if (detail.peek()?.id !== request.id) detail.value = undefined;
    failure.value = undefined;
    fetchDetail(request.id, abort.signal).then(
      (found) => {
        if (!abort.signal.aborted) detail.value = found;
      },
      (thrown: unknown) => {
        if (!abort.signal.aborted) failure.value = toVitrineError(thrown);
      },
    );
    return () => abort.abort();
    // A request that went on since is asked for again.
  }, [request, fetchDetail, attempt.value]);

  const { name } = urlParts(withoutDirectionMarks(request.url));
  const known = detail.value;
  const tabs = TABS.filter((each) => each !== 'frames' || request.kind === 'websocket');
  const chosen = tabs.includes(tab.value) ? tab.value : 'headers';
  const host = request.blocked ? hostOf(request.url) : undefined;
  const directive = request.policy;
  return (
    <section class="request-detail" aria-label={text('network.detail', { name })}>
      {host && directive && (
        <FailureNotice
          tone="warn"
          title={text('network.policy.title')}
          failure={{
            message: text('network.policy.body', { host, directive }),
            remedy: text('network.policy.remedy', {
              host,
              directive: directive.replace(/-(elem|attr)$/, ''),
            }),
          }}
        />
      )}
      {host && !directive && (
        <FailureNotice
          tone="warn"
          title={text('network.blocked.title')}
          failure={{ message: text('network.blocked.body', { host }), remedy: '' }}
          actions={
            props.onAllow && (
              <Button onClick={() => props.onAllow?.(host)}>{text('network.allow', { host })}</Button>
            )
          }
        />
      )}
      <Tabs
        label={text('network.detail', { name })}
        value={chosen}
        tabs={tabs.map((value) => ({ value, label: text(`network.tab.${value}`) }))}
        onChange={(value) => (tab.value = value)}
        end={
          <>
            {props.onReplay && canReplay(request) && (
              <IconButton
                label={text('network.replay')}
                icon={<ReloadIcon />}
                onClick={() => props.onReplay?.(request.id)}
              />
            )}
            {known && <CopyMenu detail={known} origin={props.origin} onCopied={props.onCopied} />}
            <IconButton label={text('network.detail.close')} icon={<CloseIcon />} onClick={props.onClose} />
          </>
        }
      >
        {failure.value ? (
          <FailureNotice
            failure={failure.value}
            actions={<Button onClick={() => (attempt.value += 1)}>{text('action.retry')}</Button>}
          />
        ) : known ? (
          <DetailTab tab={chosen} detail={known} origin={props.origin} />
        ) : (
          <p class="quiet loading-line" role="status">
            <SpinnerIcon /> {text('network.detail.loading')}
          </p>
        )}
      </Tabs>
    </section>
  );
}

const canReplay = ({ kind, initiator, direct }: NetworkRequest): boolean =>
  kind === 'http' && initiator === 'browser' && !direct;

function DetailTab({ tab, detail, origin }: { tab: Tab; detail: NetworkRequestDetail; origin: string }) {
  if (tab === 'payload') return <PayloadView detail={detail} origin={origin} />;
  if (tab === 'response') return <ResponseView detail={detail} />;
  if (tab === 'timing') return <TimingView detail={detail} />;
  if (tab === 'frames') return <FramesView detail={detail} />;
  return <HeadersView detail={detail} origin={origin} />;
}

interface CopyMenuProps {
  detail: NetworkRequestDetail;
  origin: string;
  onCopied: () => void;
}

function CopyMenu({ detail, origin, onCopied }: CopyMenuProps) {
  const copies = {
    'copy-curl': () => asCurl(detail, origin),
    'copy-fetch': () => asFetch(detail, origin),
    'copy-url': () => absoluteUrl(detail.url, origin),
  } as const;
  // A tunnel and a socket are no request that either could send.
  const names =
    detail.kind === 'http' ? (['copy-curl', 'copy-fetch', 'copy-url'] as const) : (['copy-url'] as const);
  return (
    <Menu
      label={text('network.more')}
      items={names.map((key) => ({
        key,
        label: text(`network.${key}`),
        icon: <CopyIcon />,
        // Where the browser refuses, nothing is said to be copied.
        onSelect: () => void navigator.clipboard.writeText(copies[key]()).then(onCopied, () => undefined),
      }))}
    >
      <MoreIcon />
    </Menu>
  );
}
