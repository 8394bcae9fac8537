import type { NetworkRequestDetail } from '#shared/api/network.ts';

/** What the worker tells of the file that it was sent, in this order: parts, then the end or why there is none. */
export type HarWorkerMessage =
  | { type: 'part'; requests: NetworkRequestDetail[]; done: number; total: number }
  | { type: 'end' }
  | { type: 'not-har' }
  | { type: 'failed'; reason: string };
