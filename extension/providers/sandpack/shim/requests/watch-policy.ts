import { reportLine } from '../capture-console.ts';
import { notLoaded } from '../not-loaded.ts';
import { begin, find, otherHost } from './request-table.ts';

/** Of one directive and host the remedy is told once. */
const told = new Set<string>();

/** Tells of what the content policy does not let the page ask, as blocked and why. */
export function watchPolicy(): void {
  // A worker has none of the document.
  const target: Pick<Document, 'addEventListener'> = globalThis.document ?? globalThis;
  target.addEventListener('securitypolicyviolation', (violation) => {
    if (!isRefusedRequest(violation)) return;
    const { blockedURI, effectiveDirective: policy } = violation;
    const request = find(blockedURI, ({ isBlocked }) => !isBlocked) ?? begin(blockedURI, {});
    request?.ends({ policy, error: `The content policy does not allow it (${policy}).` });
    const { origin } = new URL(blockedURI);
    const key = `${policy} ${origin}`;
    if (told.has(key)) return reportLine('error', { text: notLoaded(violation) });
    told.add(key);
    const name = policy.replace(/-(?:elem|attr)$/, '');
    const text = `Blocked by the content policy: ${name} does not allow ${blockedURI}. To let it through, add ${origin} to ${name} in isolation.security.csp_policy of .vibe-kanban/environment.yaml.`;
    reportLine('error', { text });
  });
}

/** Something that was asked of another host and not let through: told here, as a request and in the console. */
export function isRefusedRequest({ disposition, blockedURI }: SecurityPolicyViolationEvent): boolean {
  return disposition === 'enforce' && otherHost(blockedURI) !== null;
}
