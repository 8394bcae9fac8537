import { z } from 'zod';
import { environmentStatusSchema } from '#shared/api/environment.ts';
import { environmentConfigSchema } from '#shared/config/environment-config.ts';
import {
  databaseEngineSchema,
  environmentIdSchema,
  providerNameSchema,
  runtimeNameSchema,
} from '#shared/identifiers.ts';

/** What has to survive a crash of the companion to bring an environment back as it was. */
export const environmentRecordSchema = z.object({
  id: environmentIdSchema,
  taskId: z.string(),
  agentId: z.string(),
  title: z.string(),
  template: z.string().optional(),
  board: z.object({ url: z.string() }).optional(),
  worktree: z.string(),
  mainCheckout: z.string(),
  branch: z.string(),
  status: environmentStatusSchema,
  provider: providerNameSchema,
  providerReason: z.string(),
  runtime: runtimeNameSchema,
  database: databaseEngineSchema,
  /** The gateway's secret (X-Isolated-Auth). */
  secret: z.string(),
  /** The preview origin's cookie value, so that open previews survive a restart of the companion. */
  cookie: z.string(),
  config: environmentConfigSchema,
  /** Hosts the user allowed the sandbox to reach, beyond the configuration. */
  allowedHosts: z.array(z.string()).default([]),
  /** What somebody said of it. */
  useful: z.boolean().optional(),
  createdAt: z.number(),
  lastUsedAt: z.number(),
});
export type EnvironmentRecord = z.infer<typeof environmentRecordSchema>;
