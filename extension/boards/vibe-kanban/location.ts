const UUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

/** `/projects/:project/tasks/:task` and everything below; `/local-projects/…` in the 0.1.8 era. */
const TASK_PATH = new RegExp(`^/(?:local-)?projects/(${UUID})/tasks(?:/(${UUID}))?(?:/|$)`);
/** `/workspaces/:id`, also below an issue (0.1.27 and later). There, the workspace stands for the attempt. */
const WORKSPACE_PATH = new RegExp(`/workspaces/(${UUID})(?:/|$)`);

/** What the path of a Vibe Kanban page says: the project, and the task or workspace that is open. */
export function readPath(pathname: string): { projectId?: string; taskId?: string } {
  const task = TASK_PATH.exec(pathname);
  if (task) return { ...(task[1] && { projectId: task[1] }), ...(task[2] && { taskId: task[2] }) };
  const workspace = WORKSPACE_PATH.exec(pathname);
  return workspace?.[1] ? { taskId: workspace[1] } : {};
}
