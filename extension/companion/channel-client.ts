import { type Environment, environmentListSchema } from '#shared/api/environment.ts';
import { type ChannelMessage, channelMessageSchema } from '#shared/realtime/channels.ts';
import { openClientSocket, type SocketStatus } from './client-socket.ts';
import type { CompanionAddress } from './connection.ts';

export interface EnvironmentChannelOptions {
  /** Every message once, in order. `state/reset` means that some were lost. */
  onMessage(message: ChannelMessage): void;
  onStatus?(status: SocketStatus): void;
  onDrop?(): void;
  /** Ends the channel. */
  signal: AbortSignal;
}

/** Follows `/ws/:environmentId`: reconnects by itself and resumes behind the last message it has seen. */
export function openEnvironmentChannel(
  address: CompanionAddress,
  environmentId: string,
  options: EnvironmentChannelOptions,
): void {
  let lastSeq: number | undefined;
  openClientSocket(address, {
    path: () => {
      const since = lastSeq === undefined ? '' : `?since=${lastSeq}`;
      return `/ws/${encodeURIComponent(environmentId)}${since}`;
    },
    onMessage: (text) => {
      const message = parseMessage(text, channelMessageSchema);
      if (!message) return;
      const { type } = message.data;
      // The opening snapshot repeats what is known, with whatever number the stream has reached.
      if (type === 'reset') lastSeq = message.seq;
      else if (lastSeq === undefined || message.seq > lastSeq) lastSeq = message.seq;
      else if (type !== 'environment') return;
      options.onMessage(message);
    },
    onStatus: options.onStatus,
    onDrop: options.onDrop,
    signal: options.signal,
  });
}

export interface EnvironmentListOptions {
  /** The whole list: at once after each connection, and after each change. */
  onList(environments: Environment[]): void;
  onStatus?(status: SocketStatus): void;
  onDrop?(): void;
  signal: AbortSignal;
}

/** Follows `/ws`, the list of all environments. */
export function openEnvironmentList(address: CompanionAddress, options: EnvironmentListOptions): void {
  openClientSocket(address, {
    path: () => '/ws',
    onMessage: (text) => {
      const message = parseMessage(text, environmentListSchema);
      if (message) options.onList(message.environments);
    },
    onStatus: options.onStatus,
    onDrop: options.onDrop,
    signal: options.signal,
  });
}

/** Undefined, and a warning for developers, for a message that this version does not understand. */
function parseMessage<T>(
  text: string,
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false; error: unknown } },
): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    console.warn('vitrine: a channel message is not JSON', error);
    return undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  console.warn('vitrine: a channel message is not understood', parsed.error);
  return undefined;
}
