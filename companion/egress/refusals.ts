import type { IncomingMessage } from 'node:http';
import { VitrineError } from '#shared/errors.ts';
import type { Target } from './judge.ts';

/** Why something does not get out, with the status it is answered with. */
export const blocked = ({ host, port }: Target, reason: string) =>
  new VitrineError({
    code: 'EGRESS_BLOCKED',
    message: `Vitrine did not let this out to ${authority(host, port)}: ${reason}.`,
    remedy: `Allow ${entryFor({ host, port })} in the workbench’s network view, or under isolation.backend.allow in .vibe-kanban/environment.yaml with egress: allowlist.`,
    status: 403,
  });

/** The entry that admits a target and little else: a port that goes without saying is not said. */
const entryFor = ({ host, port }: Target): string => {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === 80 || port === 443 ? name : authority(host, port);
};

/** A host and port as they are written together. */
export const authority = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

export const malformed = (message: string) =>
  new VitrineError({
    code: 'EGRESS_REQUEST_INVALID',
    message,
    remedy:
      'Send absolute http:// addresses, and CONNECT host:port for everything else, as to any HTTP proxy.',
    status: 400,
  });

export const loop = () =>
  new VitrineError({
    code: 'LOOP_DETECTED',
    message: 'This request has come through Vitrine before, again and again.',
    remedy: 'Ask the service itself, without a proxy.',
    status: 508,
  });

export const failed = ({ host, port }: Target, cause: unknown) =>
  new VitrineError({
    code: 'EGRESS_FAILED',
    message: `${authority(host, port)} could not be reached: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: 'Check the host’s name and this machine’s network.',
    status: 502,
    cause,
  });

/** The answer's body: text for terminals and package managers, JSON for who asks for it. */
export function refusalBody(request: IncomingMessage, error: VitrineError): { type: string; body: string } {
  if (request.headers.accept?.includes('application/json'))
    return { type: 'application/json; charset=utf-8', body: JSON.stringify(error.toBody()) };
  return { type: 'text/plain; charset=utf-8', body: `${error.message}\n${error.remedy}\n` };
}
