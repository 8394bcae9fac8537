import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { VitrineError } from '#shared/errors.ts';
import { askBoard, type BoardAnswer, invalid } from '../board-request.ts';

/** `{success, data, error_data, message}`; a refusal can come with HTTP 200. */
const envelopeSchema = z.object({
  success: z.boolean(),
  data: z.unknown().optional(),
  message: z.string().nullish(),
});

/** Whether an answer is one of Vibe Kanban's at all, refusals included. */
export function isEnvelope(answer: BoardAnswer): boolean {
  return answer.kind === 'json' && envelopeSchema.safeParse(answer.body).success;
}

/** Data of the API at `path`, parsed. Rejects with BOARD_REFUSED, BOARD_ANSWER_INVALID or BOARD_UNREACHABLE. */
export async function getData<Data>(
  origin: string,
  path: string,
  schema: z.ZodType<Data>,
  signal: AbortSignal,
): Promise<Data> {
  const answer = await askBoard(origin, path, signal);
  if (answer.kind === 'other') throw notFoundOr(answer.status, origin, path, answer.contentType);
  return readData(answer, origin + path, schema);
}

/**
 * The same for a path that some versions do not have: 'unknown path' where the board answers with its page, null where it
 * answers with nothing.
 */
export async function getDataIfKnown<Data>(
  origin: string,
  path: string,
  schema: z.ZodType<Data>,
  signal: AbortSignal,
): Promise<Data | null | 'unknown path'> {
  const answer = await askBoard(origin, path, signal);
  if (answer.kind === 'json') return readData(answer, origin + path, schema);
  return answer.status === 200 && answer.contentType.startsWith('text/html') ? 'unknown path' : null;
}

function readData<Data>(
  { status, body }: { status: number; body: unknown },
  where: string,
  schema: z.ZodType<Data>,
): Data {
  const envelope = envelopeSchema.safeParse(body);
  if (!envelope.success) throw invalid('JSON of another shape', where, envelope.error);
  const { success, data, message } = envelope.data;
  if (!success || status >= 400) throw refused(where, status, message ?? 'no reason given');
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw invalid('data of another shape', where, parsed.error);
  return parsed.data;
}

function notFoundOr(status: number, origin: string, path: string, contentType: string): VitrineError {
  // 0.0.71 answers an unknown id with an empty 404, and one that is no UUID with 400 and text.
  if (status >= 400) return refused(origin + path, status, `HTTP ${status}`);
  return invalid(`status ${status} and ${contentType || 'no content type'}`, origin + path);
}

function refused(where: string, status: number, reason: string): VitrineError {
  return new VitrineError({
    code: 'BOARD_REFUSED',
    message: `The board refused ${where}: ${reason.slice(0, 300)}`,
    remedy: 'Look at the board: the task may be gone, or the board may want a sign-in.',
    status: status === 404 || status === 400 ? 404 : 502,
  });
}

const idSchema = z.uuid();
const titleSchema = z.string().transform((title) => title.slice(0, 500));
const executorSchema = z.string().min(1).max(200).nullish();
/** A directory as the board names it. Whether it is a worktree is for git to say. */
const directorySchema = z
  .string()
  .max(4096)
  .refine((path) => isAbsolute(path) && !path.includes('\0'), 'expected an absolute path');

export const projectsSchema = rowsOf(z.object({ id: idSchema }));
export const taskSchema = z.object({ id: idSchema, title: titleSchema });
export const tasksSchema = rowsOf(taskSchema);

/** An attempt, called workspace from 0.1 on. Fields that some versions lack are optional. */
export const attemptSchema = z.object({
  id: idSchema,
  task_id: idSchema.nullish(),
  container_ref: directorySchema.nullish(),
  branch: z.string().max(500).nullish(),
  profile: executorSchema,
  executor: executorSchema,
  name: titleSchema.nullish(),
  worktree_deleted: z.boolean().nullish(),
  archived: z.boolean().nullish(),
});
export type AttemptRow = z.infer<typeof attemptSchema>;
/** Those of one task: one that cannot be read may be the newest, so it is not passed over. */
export const attemptsSchema = z.array(attemptSchema);
export const attemptRowsSchema = rowsOf(attemptSchema);

/** The workspaces of one task. What another task's look like does not matter to it. */
export const workspacesOf = (taskId: string) =>
  z.array(z.unknown()).transform(filterTask(taskId)).pipe(attemptsSchema);

function filterTask(taskId: string) {
  const ids = z.object({ id: z.unknown(), task_id: z.unknown() }).partial();
  return (rows: unknown[]) =>
    rows.filter((row) => {
      const { id, task_id } = ids.safeParse(row).data ?? {};
      return id === taskId || task_id === taskId;
    });
}

/** A list whose rows of another shape are left out, as long as any are of ours: a row hides no other. */
function rowsOf<Row>(schema: z.ZodType<Row>): z.ZodType<Row[]> {
  return z.array(z.unknown()).transform((values, context) => {
    const parsed = values.map((value) => schema.safeParse(value));
    const rows = parsed.flatMap(({ success, data }) => (success ? [data] : []));
    const failure = parsed.find(({ error }) => error)?.error;
    if (rows.length > 0 || !failure) return rows;
    context.addIssue(`no row is of the expected shape: ${failure.message}`);
    return z.NEVER;
  });
}

/** A repository's name becomes a part of a path. */
export const reposSchema = z.array(
  z.object({ name: z.string().regex(/^(?!\.{1,2}$)[^/\\\0]{1,255}$/, 'expected one path segment') }),
);
export const sessionsSchema = z.array(z.object({ executor: executorSchema }));
