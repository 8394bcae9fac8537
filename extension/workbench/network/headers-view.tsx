import type { ComponentChildren } from 'preact';
import type { NetworkRequestDetail } from '#shared/api/network.ts';
import { formatMoment } from '../text/moment.ts';
import { withoutDirectionMarks } from '../text/name.ts';
import { said } from '../text/said.ts';
import { text } from '../text/text.ts';
import { absoluteUrl } from './copy-request.ts';
import { StatusText } from './request-table.tsx';

export function HeadersView({ detail, origin }: { detail: NetworkRequestDetail; origin: string }) {
  return (
    <>
      <Facts heading={text('network.general')}>
        <Fact name={text('network.general.url')}>
          {`${detail.method} ${absoluteUrl(detail.url, origin)}`}
        </Fact>
        <Fact name={text('network.column.status')}>
          <StatusText request={detail} /> {detail.statusText}
        </Fact>
        {detail.cancelled && (
          <Fact name={text('network.cancelled.label')}>{text('network.cancelled.why')}</Fact>
        )}
        {detail.error && <Fact name={text('network.general.error')}>{said(detail.error)}</Fact>}
        <Fact name={text('network.column.initiator')}>
          {text(`network.initiator.${detail.initiator}`)}
          {detail.initiator === 'backend' && detail.service ? ` (${detail.service})` : ''}
        </Fact>
        {detail.initiator === 'browser' && detail.service && (
          <Fact name={text('network.general.service')}>{detail.service}</Fact>
        )}
        <Fact name={text('network.general.started')}>{formatMoment(detail.startedAt)}</Fact>
      </Facts>
      {detail.direct && <p class="quiet">{text('network.direct')}</p>}
      <HeaderLines heading={text('network.response-headers')} lines={detail.responseHeaders} />
      <HeaderLines heading={text('network.request-headers')} lines={detail.requestHeaders} />
    </>
  );
}

function HeaderLines({ heading, lines }: { heading: string; lines: [string, string][] }) {
  return (
    <Facts heading={`${heading} (${lines.length})`}>
      {lines.length === 0 && <p class="quiet">{text('network.no-headers')}</p>}
      {lines.map(([name, value], index) => (
        <Fact key={index} name={name}>
          {value}
        </Fact>
      ))}
    </Facts>
  );
}

export function Facts({ heading, children }: { heading: string; children: ComponentChildren }) {
  return (
    <section class="facts">
      <h3>{heading}</h3>
      <div class="facts-list">{children}</div>
    </section>
  );
}

/** A name and its value, both foreign. */
export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <bdi class="fact-name">{withoutDirectionMarks(name)}</bdi>
      <bdi class="fact-value">
        {typeof children === 'string' ? withoutDirectionMarks(children) : children}
      </bdi>
    </div>
  );
}
