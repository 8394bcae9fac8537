import { MAX_TITLE_LENGTH } from '#shared/extension/task-limits.ts';

/** Far more than the three steps from a card's element to the component that has the task (version 0.0.71). */
const MAX_STEPS = 20;

/**
 * The task in the React component around a card, read from React's own bookkeeping on the element: Vibe Kanban writes no
 * id into its markup. Works only in the page's world, where that bookkeeping is visible.
 */
export function readCard(card: Element): { taskId: string; title?: string } | null {
  const key = Object.keys(card).find((name) => name.startsWith('__reactFiber$'));
  let fiber: unknown = key === undefined ? undefined : property(card, key);
  for (let step = 0; step < MAX_STEPS && fiber !== undefined && fiber !== null; step++) {
    const task = property(property(fiber, 'memoizedProps'), 'task');
    const taskId = property(task, 'id');
    if (typeof taskId === 'string') {
      const title = property(task, 'title');
      return typeof title === 'string' ? { taskId, title: title.slice(0, MAX_TITLE_LENGTH) } : { taskId };
    }
    fiber = property(fiber, 'return');
  }
  return null;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
