import { environmentIdSchema } from '#shared/identifiers.ts';
import type { WorkbenchTarget } from '../home.ts';
import { type DeepLink, readDeepLink, writeDeepLink } from '../layout/deep-link.ts';

/** The target that the fragment of the page's address names. */
export function targetFromFragment(fragment: string): WorkbenchTarget {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ''));
  const parsed = environmentIdSchema.safeParse(parameters.get('environment'));
  return parsed.success ? { kind: 'environment', environmentId: parsed.data } : { kind: 'none' };
}

/** What the fragment says beside the target. */
export function linkFromFragment(fragment: string): DeepLink {
  return readDeepLink(new URLSearchParams(fragment.replace(/^#/, '')));
}

/** The fragment that names a target and how it is shown, with its `#`; empty for what it does not name. */
export function fragmentOf(target: WorkbenchTarget, link: DeepLink = {}): string {
  if (target.kind !== 'environment') return '';
  const parameters = new URLSearchParams({ environment: target.environmentId });
  for (const [name, value] of writeDeepLink(link)) parameters.set(name, value);
  return `#${parameters}`;
}
