import type { BackendConfig } from '#shared/config/environment-config.ts';
import type { ServiceImage } from '../runtimes/runtime.ts';

/** One service to run, from the configuration or from what was found. */
export interface ServicePlan {
  name: string;
  /** A shell line, a list of arguments, or an empty list: what the image runs by itself. */
  command: string | string[];
  /** Absolute working directory. */
  cwd: string;
  /** Where it listens inside the sandbox; null for one that listens on nothing. */
  port: number | null;
  image?: ServiceImage;
  env: Record<string, string>;
  health: BackendConfig['health'];
  replicas: number;
  /** Path prefixes of the preview origin that are always this service's. */
  paths: string[];
  /** One sentence: where the command comes from. */
  reason: string;
}

/** Whether the image decides what runs. */
export const runsImagesOwn = ({ command }: ServicePlan): boolean =>
  Array.isArray(command) && command.length === 0;

/** What is run, for messages. */
export function commandText(plan: ServicePlan): string {
  if (!runsImagesOwn(plan)) return Array.isArray(plan.command) ? plan.command.join(' ') : plan.command;
  return plan.image && 'name' in plan.image ? `image ${plan.image.name}` : 'image of its Dockerfile';
}
