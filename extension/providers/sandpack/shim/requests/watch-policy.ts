import { reportLine } from '../capture-console.ts';
import { begin, find, otherHost } from './request-table.ts';

/** Of one directive and host the console tells once. */
const told = new Set<string>();

/** Tells of what the content policy does not let the page ask, as blocked and why. */
export function watchPolicy(): void {
  // A worker has none of the document.
  const target: Pick<Document, 'addEventListener'> = globalThis.document ?? globalThis;
  target.addEventListener('securitypolicyviolation', (violation) => {
    const { disposition, blockedURI, effectiveDirective: policy, originalPolicy } = violation;
    if (disposition !== 'enforce' || otherHost(blockedURI) === null) return;
    const request = find(blockedURI, ({ isBlocked }) => !isBlocked) ?? begin(blockedURI, {});
    request?.ends({ policy, error: `The content policy does not allow it (${policy}).` });
    const { origin } = new URL(blockedURI);
    const key = `${policy} ${origin}`;
    if (told.has(key)) return;
    told.add(key);
    const name = policy.replace(/-(?:elem|attr)$/, '');
    const text = `Blocked by the content policy: ${name} does not allow ${blockedURI}. To let it through, add ${origin} to ${name} in isolation.security.csp_policy of .vibe-kanban/environment.yaml. The policy is: ${originalPolicy}`;
    reportLine('error', { text });
  });
}
