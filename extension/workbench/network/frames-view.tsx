import type { NetworkRequestDetail } from '#shared/api/network.ts';
import { DownIcon, UpIcon } from '../icons/icons.tsx';
import { formatBytes } from '../text/bytes.ts';
import { clockTime } from '../text/moment.ts';
import { withoutDirectionMarks } from '../text/name.ts';
import { text } from '../text/text.ts';

const TEXT_OPCODE = 1;

/** The messages of a WebSocket, the oldest first. */
export function FramesView({ detail }: { detail: NetworkRequestDetail }) {
  const { frames = [], framesDropped = 0 } = detail;
  if (frames.length === 0) return <p class="quiet">{text('network.frames.empty')}</p>;
  return (
    <>
      {framesDropped > 0 && <p class="quiet">{text('network.frames.dropped', { count: framesDropped })}</p>}
      <ol class="frames">
        {frames.map(({ at, direction, opcode, bytes, text: content }, index) => (
          <li key={index} class={`message ${direction}`}>
            <span class="message-direction" title={text(`network.frames.${direction}`)}>
              {direction === 'sent' ? <UpIcon /> : <DownIcon />}
              <span class="visually-hidden">{text(`network.frames.${direction}`)}</span>
            </span>
            <time class="quiet">{clockTime(at)}</time>
            <bdi class="message-text">
              {content === undefined || opcode !== TEXT_OPCODE
                ? text('network.frames.binary')
                : withoutDirectionMarks(content)}
            </bdi>
            <span class="figure quiet">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
