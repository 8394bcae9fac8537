import type { NetworkRequest } from '#shared/api/network.ts';
import { Cell, RowGrid } from '../design/row-grid.tsx';
import { formatBytes } from '../text/bytes.ts';
import { formatDuration } from '../text/duration.ts';
import { withoutDirectionMarks } from '../text/name.ts';
import { said } from '../text/said.ts';
import { text } from '../text/text.ts';
import { isTroubled } from './network-store.ts';
import { hostOf, requestType, urlParts } from './request-type.ts';
import { timeSpan, WaterfallBar } from './waterfall.tsx';

export const REQUEST_ROW_PX = 26;
/** More of an address fits nowhere. Characters. */
const LONGEST_URL = 2_000;
const COLUMNS = ['name', 'method', 'status', 'type', 'initiator', 'size', 'time', 'waterfall'] as const;

interface RequestTableProps {
  requests: readonly NetworkRequest[];
  chosen: number | undefined;
  onChoose: (request: NetworkRequest) => void;
  /** Lets the host of a blocked request through from now on; absent for requests of a file. */
  onAllow?: (host: string) => void;
  follows: boolean;
}

export function RequestTable({ requests, chosen, onChoose, onAllow, follows }: RequestTableProps) {
  return (
    <RowGrid
      class="requests"
      label={text('network.heading')}
      rows={requests}
      rowPx={REQUEST_ROW_PX}
      columnCount={COLUMNS.length}
      keyOf={(request) => request.id}
      chosen={chosen}
      onChoose={onChoose}
      follows={follows}
      rowClass={(request) => (isTroubled(request) ? 'troubled' : '')}
      head={COLUMNS.map((column) => (
        <Cell key={column} class={column} role="columnheader">
          {text(`network.column.${column}`)}
        </Cell>
      ))}
      cells={(request, inView) => (
        <>
          <NameCell url={request.url} />
          <Cell class="method">{withoutDirectionMarks(request.method)}</Cell>
          <Cell class="status" title={whyNot(request)}>
            <StatusText request={request} />
            {request.blocked && !request.policy && onAllow && (
              <AllowButton url={request.url} onAllow={onAllow} />
            )}
          </Cell>
          <Cell class="type">{text(`network.type.${requestType(request)}`)}</Cell>
          <Cell class="initiator">{text(`network.initiator.${request.initiator}`)}</Cell>
          <Cell class="size figure">{formatBytes(request.responseBytes)}</Cell>
          <Cell class="time figure">
            {request.durationMs === undefined ? '' : formatDuration(request.durationMs)}
          </Cell>
          <Cell class="waterfall-cell">
            <WaterfallBar request={request} span={timeSpan(inView)} />
          </Cell>
        </>
      )}
    />
  );
}

function NameCell({ url }: { url: string }) {
  const shown = withoutDirectionMarks(url.slice(0, LONGEST_URL));
  const { name, place, query } = urlParts(shown);
  return (
    <Cell class="name" title={shown}>
      <bdi class="url-parts">
        {place && <span class="quiet url-place">{place}</span>}
        <span class="url-name">{name}</span>
        {query && <span class="quiet url-query">{query}</span>}
      </bdi>
    </Cell>
  );
}

/** Why there is no answer, where there is none. */
function whyNot({ cancelled, error }: NetworkRequest): string | undefined {
  if (cancelled) return text('network.cancelled.why');
  return error && said(error);
}

export function StatusText({ request }: { request: NetworkRequest }) {
  if (request.blocked) return <>{text('network.blocked')}</>;
  if (request.status !== undefined) return <>{request.status}</>;
  if (request.cancelled) return <>{text('network.cancelled')}</>;
  return <>{text(request.error ? 'network.failed' : 'network.pending')}</>;
}

function AllowButton({ url, onAllow }: { url: string; onAllow: (host: string) => void }) {
  const host = hostOf(url);
  if (!host) return null;
  return (
    <button
      type="button"
      class="button small"
      // The keyboard finds it in the details, where Tab leads.
      tabIndex={-1}
      title={text('network.allow', { host })}
      onClick={(event) => {
        event.stopPropagation();
        onAllow(host);
      }}
    >
      {text('network.allow.short')}
    </button>
  );
}
