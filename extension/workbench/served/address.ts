import { environmentIdSchema } from '#shared/identifiers.ts';
import type { WorkbenchTarget } from '../home.ts';
import { type DeepLink, readDeepLink, writeDeepLink } from '../layout/deep-link.ts';

const MAX_TASK_LENGTH = 200;

/** The parts of a location that name what is shown. */
type Address = Pick<Location, 'hash' | 'search'>;

/** The target that the page's address names: its fragment, or its query as links of people have it. */
export function targetFromAddress({ hash, search }: Address): WorkbenchTarget {
  const parameters = parametersOf({ hash, search });
  const parsed = environmentIdSchema.safeParse(parameters.get('environment'));
  if (parsed.success) return { kind: 'environment', environmentId: parsed.data };
  const taskId = parameters.get('task');
  return taskId && taskId.length <= MAX_TASK_LENGTH ? { kind: 'known-task', taskId } : { kind: 'none' };
}

/** What the address says beside the target. */
export function linkFromAddress(address: Address): DeepLink {
  return readDeepLink(parametersOf(address));
}

/** The fragment, which the page writes itself, has the last word. */
function parametersOf({ hash, search }: Address): URLSearchParams {
  const fragment = hash.replace(/^#/, '');
  return new URLSearchParams(fragment === '' ? search : fragment);
}

/** The fragment that names a target and how it is shown, with its `#`; empty for what it does not name. */
export function fragmentOf(target: WorkbenchTarget, link: DeepLink = {}): string {
  if (target.kind !== 'environment') return '';
  const parameters = new URLSearchParams({ environment: target.environmentId });
  for (const [name, value] of writeDeepLink(link)) parameters.set(name, value);
  return `#${parameters}`;
}
