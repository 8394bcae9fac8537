import { type Target, targetSchema } from '#shared/extension/target.ts';

/** A target as the query of the workbench's address, with its `?`; empty for none. */
export function targetToQuery(target: Target): string {
  switch (target.kind) {
    case 'none':
      return '';
    case 'environment':
      return `?${new URLSearchParams({ environment: target.environmentId })}`;
    case 'task': {
      const { taskId: task, boardUrl: board, title } = target;
      return `?${new URLSearchParams({ task, board, ...(title !== undefined && { title }) })}`;
    }
  }
}

/** The target in a query; none for a query that names none, or names one badly. */
export function targetFromQuery(query: string): Target {
  const parameters = new URLSearchParams(query);
  const environmentId = parameters.get('environment');
  const candidate =
    environmentId === null
      ? {
          kind: 'task',
          taskId: parameters.get('task'),
          boardUrl: parameters.get('board'),
          title: parameters.get('title') ?? undefined,
        }
      : { kind: 'environment', environmentId };
  return targetSchema.safeParse(candidate).data ?? { kind: 'none' };
}
