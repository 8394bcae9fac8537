import type { Environment, ServiceState } from '#shared/api/environment.ts';
import { text } from '../text/text.ts';

/** From the worst to the best: what is said of several services is said of the worst of them. */
const WORST_FIRST: ServiceState['status'][] = [
  'failed',
  'exited',
  'unhealthy',
  'starting',
  'suspended',
  'running',
];

export type BackendState = ServiceState['status'] | 'none';

/** The state of an environment's services as one word. */
export function backendState({ services }: Pick<Environment, 'services'>): BackendState {
  return WORST_FIRST.find((status) => services.some((service) => service.status === status)) ?? 'none';
}

export function BackendStateLabel({ environment }: { environment: Environment }) {
  const state = backendState(environment);
  // Whether there is one is known when it was looked for.
  const backend = environment.steps.find(({ name }) => name === 'backend')?.status;
  if (state === 'none' && (backend === 'pending' || backend === 'failed')) return null;
  const names = environment.services.map(
    ({ name, replica, status }) =>
      `${name}${replica === undefined ? '' : ` ${replica}`}: ${text(`service.status.${status}`)}`,
  );
  return (
    <span class={`backend-state ${state}`} title={names.join('\n') || text('backend.none')}>
      {text('backend.state', { state: text(`service.status.${state}`) })}
    </span>
  );
}
