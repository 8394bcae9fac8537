import type { ServicePlan } from '../../detection/service-plan.ts';

/** How clients of well-known servers write their addresses; http for all others. */
const SCHEMES: ReadonlyMap<number, string> = new Map([
  [3306, 'mysql'],
  [5432, 'postgres'],
  [5672, 'amqp'],
  [6379, 'redis'],
  [27017, 'mongodb'],
]);

/** A service another one may want to reach, with the port it listens on now. */
export interface NamedService {
  plan: ServicePlan;
  /** Null when it listens on nothing, or where that is not known before it starts. */
  port: number | null;
}

/** `<NAME>_HOST`, `<NAME>_PORT` and `<NAME>_URL` of services; of copies, the first one's. */
export function serviceNames(services: NamedService[]): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const { plan, port } of services) {
    if (port === null || plan.port === null) continue;
    const name = plan.name.toUpperCase().replaceAll('-', '_');
    variables[`${name}_HOST`] = '127.0.0.1';
    variables[`${name}_PORT`] = String(port);
    variables[`${name}_URL`] = `${SCHEMES.get(plan.port) ?? 'http'}://127.0.0.1:${port}`;
  }
  return variables;
}
