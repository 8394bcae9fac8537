import { environmentIdSchema } from '#shared/identifiers.ts';

/** Which of the companion's origins a request came to, by its Host header alone. */
export type Destination =
  | { kind: 'control' }
  | { kind: 'preview'; environmentId: string }
  /** Not one of ours: DNS rebinding, or a name somebody made up. */
  | { kind: 'unknown' };

const CONTROL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Allow-list of Host headers: `localhost`, `127.0.0.1`, `[::1]` and `<environment>.localhost`, each with our port.
 * Matching is on the whole name, never on a prefix or suffix.
 */
export function destinationOf(hostHeader: string | undefined, port: number): Destination {
  const match = /^(\[::1\]|[a-z0-9.-]+):(\d{1,5})$/i.exec(hostHeader ?? '');
  if (!match || Number(match[2]) !== port) return { kind: 'unknown' };
  const host = (match[1] ?? '').toLowerCase();
  if (CONTROL_HOSTS.has(host)) return { kind: 'control' };
  const label = /^([^.]+)\.localhost$/.exec(host)?.[1];
  if (label && environmentIdSchema.safeParse(label).success) return { kind: 'preview', environmentId: label };
  return { kind: 'unknown' };
}
