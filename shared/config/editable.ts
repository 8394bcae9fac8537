import { z } from 'zod';
import { providerNameSchema, runtimeNameSchema } from '../identifiers.ts';
import { durationSchema } from './duration.ts';

/**
 * The keys of `environment.yaml` that the workbench offers to change, by their path in the file. Null takes a key out,
 * so that its default holds.
 */
export const editableSchema = z.strictObject({
  'isolation.provider': providerNameSchema,
  'isolation.backend.runtime': z.union([runtimeNameSchema, z.literal('auto')]),
  'isolation.backend.max_instances': z.int().min(1).max(500),
  'isolation.backend.instance_timeout': durationSchema,
  'isolation.backend.resource_limits.memory_mb': z.int().min(32),
  'isolation.backend.resource_limits.cpu_shares': z.int().min(2),
  'isolation.backend.resource_limits.disk_mb': z.int().min(16),
  'isolation.backend.resource_limits.pids': z.int().min(16),
  'isolation.backend.egress': z.enum(['none', 'allowlist', 'open']),
  'isolation.backend.allow': z.array(z.string().min(1).max(260)).max(200),
  'isolation.frontend.hot_reload': z.boolean(),
  'isolation.frontend.auto_save': z.boolean(),
  'isolation.frontend.sync_delay_ms': z.int().min(0).max(60_000),
});
export type Editable = z.infer<typeof editableSchema>;
export type EditableKey = keyof Editable;

const { shape } = editableSchema;
export const EDITABLE_KEYS = editableSchema.keyof().options;

/** What is to be changed; keys that are left out stay as they are. */
export const configEditsSchema = z.strictObject({
  'isolation.provider': shape['isolation.provider'].nullable().optional(),
  'isolation.backend.runtime': shape['isolation.backend.runtime'].nullable().optional(),
  'isolation.backend.max_instances': shape['isolation.backend.max_instances'].nullable().optional(),
  'isolation.backend.instance_timeout': shape['isolation.backend.instance_timeout'].nullable().optional(),
  'isolation.backend.resource_limits.memory_mb': shape['isolation.backend.resource_limits.memory_mb']
    .nullable()
    .optional(),
  'isolation.backend.resource_limits.cpu_shares': shape['isolation.backend.resource_limits.cpu_shares']
    .nullable()
    .optional(),
  'isolation.backend.resource_limits.disk_mb': shape['isolation.backend.resource_limits.disk_mb']
    .nullable()
    .optional(),
  'isolation.backend.resource_limits.pids': shape['isolation.backend.resource_limits.pids']
    .nullable()
    .optional(),
  'isolation.backend.egress': shape['isolation.backend.egress'].nullable().optional(),
  'isolation.backend.allow': shape['isolation.backend.allow'].nullable().optional(),
  'isolation.frontend.hot_reload': shape['isolation.frontend.hot_reload'].nullable().optional(),
  'isolation.frontend.auto_save': shape['isolation.frontend.auto_save'].nullable().optional(),
  'isolation.frontend.sync_delay_ms': shape['isolation.frontend.sync_delay_ms'].nullable().optional(),
});
export type ConfigEdits = z.infer<typeof configEditsSchema>;
