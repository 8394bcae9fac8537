import type { BoardTask } from '#shared/extension/target.ts';
import { MAX_TITLE_LENGTH, TASK_ID_PATTERN } from '#shared/extension/task-limits.ts';

/** A task from untrusted values, or null. The content script's counterpart of `boardTaskSchema`, without zod's size. */
export function readTask(taskId: unknown, title: unknown): BoardTask | null {
  if (typeof taskId !== 'string' || !TASK_ID_PATTERN.test(taskId)) return null;
  if (typeof title !== 'string') return { taskId };
  const text = title.trim().slice(0, MAX_TITLE_LENGTH);
  return text === '' ? { taskId } : { taskId, title: text };
}
