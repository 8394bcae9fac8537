import type { ConsoleLine, FrameToCompanion } from '#shared/frame/live.ts';
import { MAX_LINES, MAX_REQUESTS } from '#shared/frame/page.ts';
import type { PageRequest } from '#shared/frame/page-request.ts';
import type { FrameReport } from '../frame-state.ts';

/** Characters of one message's lines: at most three bytes each, and there is a limit to a message's. */
const MAX_CHARACTERS = 250_000;

/** What was gathered, in as few messages as it fits into. */
export function messagesOf(gathered: FrameReport[]): FrameToCompanion[] {
  const lines = gathered.flatMap((entry) => (entry.type === 'console' ? [entry.line] : []));
  return [
    ...inMessages(lines).map((some) => ({ type: 'console' as const, lines: some })),
    ...newestInMessages(gathered).map((requests) => ({ type: 'requests' as const, requests })),
    ...gathered.flatMap((entry) => (entry.type === 'console' || entry.type === 'request' ? [] : [entry])),
  ];
}

/** Of each request what was said last, as many together as one message takes. */
function newestInMessages(waiting: FrameReport[]): PageRequest[][] {
  const newest = new Map<number, PageRequest>();
  for (const entry of waiting) if (entry.type === 'request') newest.set(entry.request.id, entry.request);
  const all = [...newest.values()];
  return Array.from({ length: Math.ceil(all.length / MAX_REQUESTS) }, (_each, index) =>
    all.slice(index * MAX_REQUESTS, (index + 1) * MAX_REQUESTS),
  );
}

function inMessages(lines: ConsoleLine[]): ConsoleLine[][] {
  const messages: ConsoleLine[][] = [];
  let room = 0;
  for (const line of lines) {
    const length = JSON.stringify(line).length;
    const last = messages.at(-1);
    if (last && last.length < MAX_LINES && length <= room) last.push(line);
    else {
      messages.push([line]);
      room = MAX_CHARACTERS;
    }
    room -= length;
  }
  return messages;
}
