import type { NetworkRequest } from '#shared/api/network.ts';

/** What is known of a request as it begins. */
export interface RequestStart {
  method: string;
  url: string;
  kind: NetworkRequest['kind'];
  initiator: NetworkRequest['initiator'];
  httpVersion: string;
  /** As Node has them: name, value, name, value. */
  rawHeaders: readonly string[];
  service?: string;
  /** When it came, by performance.now(), where that was before this moment. */
  since?: number;
  /** A page asked another host, and tells of it. */
  isDirect?: boolean;
}

/** What somebody else who saw a request tells of it. */
export interface Account {
  status?: number | undefined;
  /** Absent while it goes on. */
  durationMs?: number | undefined;
  responseBytes?: number | undefined;
  /** As Node has them. */
  responseHeaders?: readonly string[] | undefined;
  error?: string | undefined;
  /** Who asked gave it up. */
  cancelled?: boolean | undefined;
  /** The directive of a content policy that did not let it happen. */
  policy?: string | undefined;
}

/** A request with nothing left out or masked: for sending, not for showing. */
export interface WholeRequest {
  method: string;
  url: string;
  rawHeaders: readonly string[];
  body: Buffer;
}
