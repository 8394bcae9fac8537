import { z } from 'zod';

/** A snapshot's name: given by a person, part of a path of the API. */
export const snapshotNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'Expected 1 to 64 letters, digits, dots, underscores or hyphens');

/** A copy of an environment's database that was kept. */
export const snapshotSchema = z.object({
  name: snapshotNameSchema,
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  bytes: z.number(),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** What is posted to keep or to put back a snapshot. */
export const snapshotRequestSchema = z.strictObject({ name: snapshotNameSchema });
export type SnapshotRequest = z.infer<typeof snapshotRequestSchema>;

/** The newest first. */
export const snapshotListSchema = z.object({ snapshots: z.array(snapshotSchema) });
export type SnapshotList = z.infer<typeof snapshotListSchema>;
