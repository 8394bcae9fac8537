import { z } from 'zod';
import { environmentEventSchema, environmentSchema } from '../api/environment.ts';
import { networkRequestSchema } from '../api/network.ts';
import { previewStateSchema } from '../api/preview-state.ts';
import { usageSampleSchema } from '../api/usage.ts';
import { buildErrorSchema } from './build-error.ts';
import { consoleEntrySchema } from './console-entry.ts';
import { pagePerformanceSchema } from './page-performance.ts';

export { type BuildError, buildErrorSchema } from './build-error.ts';

/** What the four channels of `/ws/:environmentId` carry. `seq` rises by one over all channels of an environment. */
const logsDataSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('console'), entry: consoleEntrySchema }),
  z.object({ type: z.literal('network'), request: networkRequestSchema }),
  /** Somebody cleared the list: requests with a lower id are gone. */
  z.object({ type: z.literal('network_cleared'), before: z.number() }),
]);

const stateDataSchema = z.discriminatedUnion('type', [
  /** The whole environment, sent first and after each change. */
  z.object({ type: z.literal('environment'), environment: environmentSchema }),
  z.object({ type: z.literal('usage'), sample: usageSampleSchema }),
  z.object({ type: z.literal('event'), event: environmentEventSchema }),
  z.object({ type: z.literal('file_change'), paths: z.array(z.string()) }),
  z.object({ type: z.literal('terminated') }),
  /** Messages were lost (the drop was longer than the buffer): forget what was shown. */
  z.object({ type: z.literal('reset') }),
]);

const previewDataSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('route_change'), route: z.string(), frameId: z.string() }),
  z.object({ type: z.literal('hot_update'), revision: z.number(), durationMs: z.number() }),
  z.object({ type: z.literal('painted'), durationMs: z.number(), frameId: z.string() }),
  z.object({ type: z.literal('build_error'), error: buildErrorSchema.nullable() }),
  z.object({ type: z.literal('performance'), performance: pagePerformanceSchema, frameId: z.string() }),
  /** Where the links of a page lead. */
  z.object({ type: z.literal('links'), routes: z.array(z.string()), frameId: z.string() }),
  /** All of it, sent to whoever begins to listen. */
  z.object({ type: z.literal('preview_state'), state: previewStateSchema }),
]);

const collaborationDataSchema = z.object({ type: z.literal('presence'), viewers: z.number() });

export const channelMessageSchema = z.discriminatedUnion('channel', [
  z.object({ channel: z.literal('logs'), seq: z.number(), data: logsDataSchema }),
  z.object({ channel: z.literal('state'), seq: z.number(), data: stateDataSchema }),
  z.object({ channel: z.literal('preview'), seq: z.number(), data: previewDataSchema }),
  z.object({ channel: z.literal('collaboration'), seq: z.number(), data: collaborationDataSchema }),
]);
export type ChannelMessage = z.infer<typeof channelMessageSchema>;
export type Channel = ChannelMessage['channel'];

type WithoutSequence<M> = M extends unknown ? Omit<M, 'seq'> : never;
/** A channel message before the hub numbered it. */
export type ChannelEvent = WithoutSequence<ChannelMessage>;

/** WebSocket subprotocols: browsers cannot set headers, so the token travels as a second protocol name. */
export const WS_PROTOCOL = 'vitrine.v1';
export const WS_TOKEN_PROTOCOL_PREFIX = 'vitrine.token.';
