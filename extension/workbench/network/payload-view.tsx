import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { NetworkRequestDetail } from '#shared/api/network.ts';
import { JsonTree } from '../design/json-tree.tsx';
import { Segments } from '../design/segments.tsx';
import { formatBytes } from '../text/bytes.ts';
import { withoutDirectionMarks } from '../text/name.ts';
import { text } from '../text/text.ts';
import { absoluteUrl } from './copy-request.ts';
import { Fact, Facts } from './headers-view.tsx';

/** More of one text would only slow the page down. */
const SHOWN_CHARACTERS = 200_000;

/** What browsers draw and nothing of it runs. */
const PICTURE = /^image\/(png|jpeg|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon)$/;

type Body = NonNullable<NetworkRequestDetail['requestBody']>;

export function PayloadView({ detail, origin }: { detail: NetworkRequestDetail; origin: string }) {
  const address = absoluteUrl(detail.url, origin);
  const query = URL.canParse(address) ? [...new URL(address).searchParams] : [];
  if (query.length === 0 && !detail.requestBody) return <p class="quiet">{text('network.no-payload')}</p>;
  return (
    <>
      {query.length > 0 && (
        <Facts heading={text('network.query')}>
          {query.map(([name, value], index) => (
            <Fact key={index} name={name}>
              {value}
            </Fact>
          ))}
        </Facts>
      )}
      {detail.requestBody && (
        <section class="facts">
          <h3>{text('network.body')}</h3>
          <BodyView body={detail.requestBody} bytes={detail.requestBytes} />
        </section>
      )}
    </>
  );
}

export function ResponseView({ detail }: { detail: NetworkRequestDetail }) {
  if (!detail.responseBody) return <p class="quiet">{text('network.no-response')}</p>;
  return <BodyView body={detail.responseBody} bytes={detail.responseBytes} />;
}

function BodyView({ body, bytes }: { body: Body; bytes: number }) {
  const asSource = useSignal(false);
  const { mimeType = '', text: content, isCut } = body;
  const parsed = useMemo(() => (isCut ? undefined : parseJson(content)), [content, isCut]);
  if (body.base64 !== undefined && PICTURE.test(mimeType))
    return (
      <figure class="picture">
        {/* A picture in an <img> runs no script, whatever it holds. */}
        <img class="body-image" alt="" src={`data:${mimeType};base64,${body.base64}`} decoding="async" />
        <figcaption class="quiet">
          {text('network.picture', { mimeType, bytes: formatBytes(bytes) })}
        </figcaption>
      </figure>
    );
  if (content === null) return <p class="quiet">{text('network.binary', { bytes: formatBytes(bytes) })}</p>;
  const isImage = mimeType.startsWith('image/svg') && !isCut;
  const shown = content.slice(0, SHOWN_CHARACTERS);
  const hasTwoViews = parsed !== undefined || isImage;
  return (
    <>
      {hasTwoViews && (
        <Segments
          label={text('network.view')}
          value={asSource.value ? 'source' : 'view'}
          options={[
            { value: 'view', label: text(isImage ? 'network.view.image' : 'network.view.tree') },
            { value: 'source', label: text('network.view.source') },
          ]}
          onChange={(value) => (asSource.value = value === 'source')}
        />
      )}
      {(isCut || shown.length < content.length) && <p class="quiet">{text('network.cut')}</p>}
      {hasTwoViews && !asSource.value ? (
        isImage ? (
          // A picture in an <img> runs no script, whatever it holds.
          <img
            class="body-image"
            alt=""
            src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(content)}`}
          />
        ) : (
          <JsonTree value={parsed} open />
        )
      ) : (
        <pre class="body-source">
          <bdi>{withoutDirectionMarks(shown)}</bdi>
        </pre>
      )}
    </>
  );
}

/** Undefined for what is no JSON, or JSON that has nothing to open. */
function parseJson(content: string | null): unknown {
  if (!content || !/^\s*[[{]/.test(content)) return undefined;
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
