import { environmentIdSchema } from '#shared/identifiers.ts';
import type { WorkbenchTarget } from '../home.ts';

/** The target that the fragment of the page's address names. */
export function targetFromFragment(fragment: string): WorkbenchTarget {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ''));
  const parsed = environmentIdSchema.safeParse(parameters.get('environment'));
  return parsed.success ? { kind: 'environment', environmentId: parsed.data } : { kind: 'none' };
}

/** The fragment that names a target, with its `#`; empty for what it does not name. */
export function fragmentOf(target: WorkbenchTarget): string {
  return target.kind === 'environment'
    ? `#${new URLSearchParams({ environment: target.environmentId })}`
    : '';
}
