import { z } from 'zod';
import {
  databaseEngineSchema,
  environmentIdSchema,
  providerNameSchema,
  runtimeNameSchema,
} from '../identifiers.ts';

export const environmentStatusSchema = z.enum(['initializing', 'running', 'suspended', 'stopped', 'failed']);
export type EnvironmentStatus = z.infer<typeof environmentStatusSchema>;

/** The steps of a start, in order, as the workbench shows them. */
export const startStepNameSchema = z.enum([
  'resolve',
  'dependencies',
  'sandbox',
  'database',
  'backend',
  'build',
  'paint',
]);
export type StartStepName = z.infer<typeof startStepNameSchema>;

export const startStepSchema = z.object({
  name: startStepNameSchema,
  status: z.enum(['pending', 'active', 'done', 'skipped', 'failed']),
  /** Milliseconds it took, once over. */
  durationMs: z.number().optional(),
  /** What is going on, or why it was skipped or failed. */
  detail: z.string().optional(),
  done: z.number().optional(),
  total: z.number().optional(),
});
export type StartStep = z.infer<typeof startStepSchema>;

export const failureSchema = z.object({ code: z.string(), message: z.string(), remedy: z.string() });
export type Failure = z.infer<typeof failureSchema>;

export const serviceStateSchema = z.object({
  name: z.string(),
  /** `unhealthy`: runs, but its health path does not answer; it gets no requests. */
  status: z.enum(['starting', 'running', 'unhealthy', 'exited', 'failed', 'suspended']),
  /** Which copy of the service, from 1, where it has several. */
  replica: z.number().optional(),
  restarts: z.number(),
  failure: failureSchema.optional(),
});
export type ServiceState = z.infer<typeof serviceStateSchema>;

/**
 * How far one kind of thing is kept apart from the host and from other environments. `watched`: no wall, but a
 * watcher ends what goes too far, some seconds late.
 */
export const isolationLevelSchema = z.enum(['enforced', 'watched', 'none']);
export const isolationSchema = z.object({
  network: isolationLevelSchema,
  files: isolationLevelSchema,
  processes: isolationLevelSchema,
  memory: isolationLevelSchema,
  cpu: isolationLevelSchema,
  disk: isolationLevelSchema,
  pids: isolationLevelSchema,
});
export type Isolation = z.infer<typeof isolationSchema>;

/** What its sandbox may use at most; how far that is held to, {@link isolationSchema} says. */
export const limitsSchema = z.object({
  memoryMb: z.number(),
  /** In relation to other sandboxes: 1024 is a usual one's. */
  cpuShares: z.number(),
  diskMb: z.number(),
  pids: z.number(),
});
export type Limits = z.infer<typeof limitsSchema>;

/** Something that happened to an environment: a change of its status, a service's end, a limit reached. */
export const environmentEventSchema = z.object({
  at: z.number(),
  /** A status, `service_<status>`, or another short word. */
  type: z.string(),
  detail: z.string().optional(),
});
export type EnvironmentEvent = z.infer<typeof environmentEventSchema>;

/** Answer to GET /api/environments/{id}/events: the oldest first. */
export const eventListSchema = z.object({ events: z.array(environmentEventSchema) });

/** What the environment's sandbox may reach outside itself. */
export const egressStateSchema = z.object({
  policy: z.enum(['none', 'allowlist', 'open']),
  /** Hosts allowed by the configuration and by the user since. */
  allowed: z.array(z.string()),
});
export type EgressState = z.infer<typeof egressStateSchema>;

export const environmentSchema = z.object({
  id: environmentIdSchema,
  taskId: z.string(),
  agentId: z.string(),
  title: z.string(),
  board: z.object({ url: z.url() }).optional(),
  worktree: z.string(),
  branch: z.string(),
  status: environmentStatusSchema,
  provider: providerNameSchema,
  /** Why this provider, in one sentence. */
  providerReason: z.string(),
  runtime: runtimeNameSchema,
  isolation: isolationSchema,
  limits: limitsSchema,
  database: databaseEngineSchema,
  services: z.array(serviceStateSchema),
  steps: z.array(startStepSchema),
  failure: failureSchema.optional(),
  /** `http://<environment>.localhost:<port>`: also the base of the backend, see {@link createdEnvironmentSchema}. */
  origin: z.url(),
  backendUrl: z.url(),
  sandboxAttributes: z.array(z.string()),
  egress: egressStateSchema,
  /** What somebody said of it, if anything. */
  useful: z.boolean().optional(),
  createdAt: z.number(),
  lastUsedAt: z.number(),
});
export type Environment = z.infer<typeof environmentSchema>;

export const createEnvironmentSchema = z.strictObject({
  taskId: z.string().min(1).max(200),
  agentId: z.string().min(1).max(200),
  /** The specification's template name; the project is detected, so it is only recorded. */
  template: z.string().max(200).optional(),
  board: z.object({ url: z.url({ protocol: /^https?$/ }) }).optional(),
  worktree: z.string().min(1).max(4096).optional(),
  title: z.string().max(500).optional(),
});
export type CreateEnvironment = z.infer<typeof createEnvironmentSchema>;

/** POST /api/environments/{id}/provider. Answered with the environment, once it has started again. */
export const switchProviderSchema = z.strictObject({ provider: providerNameSchema });

/** Answer to POST /api/environments. `previewUrl` carries a one-time ticket. */
export const createdEnvironmentSchema = z.object({
  environmentId: environmentIdSchema,
  previewUrl: z.url(),
  backendUrl: z.url(),
});
export type CreatedEnvironment = z.infer<typeof createdEnvironmentSchema>;

/** Answer to GET /api/environments/{id}. Each answer carries a fresh one-time ticket. */
export const environmentDetailSchema = environmentSchema.extend({ previewUrl: z.url() });
export type EnvironmentDetail = z.infer<typeof environmentDetailSchema>;

export const environmentListSchema = z.object({ environments: z.array(environmentSchema) });
