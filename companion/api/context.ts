import type { Attempts } from '../environments/attempts.ts';
import type { Engines } from '../environments/engines.ts';
import type { Environments } from '../environments/environments.ts';
import type { Prometheus } from '../metrics/prometheus.ts';
import type { ControlAccess } from '../security/control-access.ts';
import type { Tickets } from '../security/tickets.ts';
import type { Registry } from '../storage/registry.ts';

/** What the routes work on. */
export interface ApiContext {
  environments: Environments;
  attempts: Attempts;
  engines: Engines;
  registry: Registry;
  prometheus: Prometheus;
  access: ControlAccess;
  tickets: Tickets;
  port: number;
  home: string;
  /** Ends this companion soon after. */
  onShutdown(): void;
}
