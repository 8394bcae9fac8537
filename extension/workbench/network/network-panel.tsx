import './network.css';
import { useSignal } from '@preact/signals';
import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks';
import type { NetworkRequestDetail } from '#shared/api/network.ts';
import { toVitrineError } from '#shared/errors.ts';
import { Button } from '../design/button.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { saveFile } from '../design/save-file.ts';
import { SpinnerIcon } from '../icons/icons.tsx';
import { DETAIL_SHARE, detailShare } from '../layout/shares.ts';
import { SplitPane } from '../layout/split-pane.tsx';
import type { PreviewModel } from '../preview/preview-model.ts';
import { formatBytes } from '../text/bytes.ts';
import { text } from '../text/text.ts';
import { useWorkbench } from '../workbench-context.ts';
import type { HarPosition } from './har-requests.ts';
import { filterRequests, NO_NETWORK_FILTER } from './network-filter.ts';
import { NetworkToolbar } from './network-toolbar.tsx';
import { readHarFile } from './read-har-file.ts';
import { RequestDetail } from './request-detail.tsx';
import { RequestTable } from './request-table.tsx';

const LEAST_DETAIL_PX = 240;

interface ImportedRequests {
  name: string;
  requests: readonly NetworkRequestDetail[];
}

/** A HAR file that is being read. */
interface Reading {
  name: string;
  abort: AbortController;
  /** Undefined until its entries are known. */
  at: HarPosition | undefined;
}

/** Every request of the page and of the sandbox; or those of a HAR file. */
export function NetworkPanel({ preview, onClose }: { preview: PreviewModel; onClose: () => void }) {
  const workbench = useWorkbench();
  const { network, session, id } = preview;
  const section = useRef<HTMLElement>(null);
  const filter = preview.networkFilter;
  const chosen = useSignal<number | undefined>(undefined);
  const imported = useSignal<ImportedRequests | undefined>(undefined);

  const reading = useSignal<Reading | undefined>(undefined);

  useEffect(() => void network.load(), [network]);
  useEffect(() => () => reading.peek()?.abort.abort(), [reading]);

  const all = imported.value?.requests ?? network.requests.value;
  const shown = useMemo(() => filterRequests(all, filter.value), [all, filter.value]);
  const request = shown.find((each) => each.id === chosen.value);
  const file = imported.value;
  const fetchDetail = useCallback(
    async (wanted: number, signal: AbortSignal) =>
      file?.requests.find((each) => each.id === wanted) ?? session.client.network.get(id, wanted, signal),
    [file, session, id],
  );

  async function attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (thrown) {
      if (!session.signal.aborted) network.failure.value = toVitrineError(thrown);
    }
  }
  async function importFile(harFile: File): Promise<void> {
    network.failure.value = undefined;
    reading.peek()?.abort.abort();
    const { name } = harFile;
    const abort = new AbortController();
    reading.value = { name, abort, at: undefined };
    try {
      const requests = await readHarFile(
        harFile,
        abort.signal,
        (at) => (reading.value = { name, abort, at }),
      );
      imported.value = { name, requests };
      chosen.value = undefined;
    } catch (thrown) {
      if (!abort.signal.aborted) throw thrown;
    } finally {
      if (reading.peek()?.abort === abort) reading.value = undefined;
    }
  }
  const allow = (host: string) =>
    void attempt(async () => {
      await session.client.network.allowHost(id, host, session.signal);
      workbench.announce(text('network.allowed', { host }));
    });
  const onAllow = file ? undefined : allow;
  const replay = (requestId: number) =>
    void attempt(async () => {
      network.failure.value = undefined;
      const { status } = await session.client.network.replay(id, requestId, session.signal);
      workbench.announce(text('network.replayed', { status }));
    });
  const onReplay = file ? undefined : replay;
  const failure = network.failure.value;
  const bytes = shown.reduce((sum, { responseBytes }) => sum + responseBytes, 0);
  return (
    <section class="network" ref={section} aria-label={text('network.heading')}>
      <NetworkToolbar
        filter={filter}
        onClose={onClose}
        onClear={() => void network.clear()}
        onExport={() =>
          void attempt(async () => {
            const har = await session.client.network.exportHar(id, session.signal);
            saveFile(`${id}.har`, new Blob([har], { type: 'application/json' }));
          })
        }
        onImport={(chosenFile) => void attempt(() => importFile(chosenFile))}
      />
      {reading.value && <ReadingNote reading={reading.value} />}
      {file && !reading.value && (
        <p class="network-note">
          <bdi class="truncate">{text('network.imported', { name: file.name })}</bdi>
          <Button onClick={() => (imported.value = undefined)}>{text('network.imported-close')}</Button>
        </p>
      )}
      {failure && (
        <div class="network-notice">
          <FailureNotice
            failure={failure}
            actions={
              !network.loaded.value && (
                <Button onClick={() => void network.load()}>{text('action.retry')}</Button>
              )
            }
            onDismiss={() => (network.failure.value = undefined)}
          />
        </div>
      )}
      {shown.length === 0 ? (
        <NetworkEmpty
          hidden={all.length}
          loading={!file && !network.loaded.value && !failure}
          onReset={() => (filter.value = NO_NETWORK_FILTER)}
        />
      ) : (
        <SplitPane
          direction="row"
          share={detailShare}
          defaultShare={DETAIL_SHARE}
          minPx={LEAST_DETAIL_PX}
          label={text('network.detail.divider')}
          main={
            <RequestTable
              requests={shown}
              chosen={chosen.value}
              onChoose={(each) => (chosen.value = each.id)}
              onAllow={onAllow}
              follows={!file}
            />
          }
          side={
            request && (
              <RequestDetail
                key={`${file?.name} ${request.id}`}
                request={request}
                fetchDetail={fetchDetail}
                origin={preview.environment.value?.origin ?? ''}
                onAllow={onAllow}
                onReplay={onReplay}
                onClose={() => {
                  chosen.value = undefined;
                  section.current?.querySelector<HTMLElement>('.requests')?.focus();
                }}
                onCopied={() => workbench.announce(text('network.copied'))}
              />
            )
          }
        />
      )}
      <p class="network-summary quiet">
        {text('network.summary', { shown: shown.length, count: all.length, bytes: formatBytes(bytes) })}
      </p>
    </section>
  );
}

function ReadingNote({ reading: { name, at, abort } }: { reading: Reading }) {
  return (
    <p class="network-note">
      <span class="truncate" role="status">
        <bdi>{text('network.importing', { name })}</bdi>
      </span>
      <progress
        aria-label={text('network.importing', { name })}
        value={at?.done}
        max={at?.total || undefined}
      />
      <Button onClick={() => abort.abort()}>{text('action.cancel')}</Button>
    </p>
  );
}

interface NetworkEmptyProps {
  hidden: number;
  loading: boolean;
  onReset: () => void;
}

function NetworkEmpty({ hidden, loading, onReset }: NetworkEmptyProps) {
  return (
    <div class="console-empty quiet">
      {loading ? (
        <p class="loading-line" role="status">
          <SpinnerIcon /> {text('network.loading')}
        </p>
      ) : hidden === 0 ? (
        <p>{text('network.empty')}</p>
      ) : (
        <>
          <p>{text('network.no-match', { hidden })}</p>
          <Button onClick={onReset}>{text('network.reset-filters')}</Button>
        </>
      )}
    </div>
  );
}
