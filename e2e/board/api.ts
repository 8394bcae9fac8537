import { z } from 'zod';

const idSchema = z.object({ id: z.string() });
const attemptSchema = z.object({
  id: z.string(),
  container_ref: z.string().nullable(),
  branch: z.string().nullable(),
});
const executionSchema = z.object({ status: z.string(), run_reason: z.string() });
const envelope = z.object({ success: z.boolean(), data: z.unknown(), message: z.string().nullish() });

const CALL_DEADLINE_MS = 10_000;

/** The calls of Vibe Kanban 0.0.71 that fill a board. */
export class BoardApi {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async health(): Promise<void> {
    await this.#call('GET', '/api/health');
  }

  async createProject(name: string, repository: string): Promise<string> {
    const project = await this.#call('POST', '/api/projects', {
      name,
      git_repo_path: repository,
      use_existing_repo: true,
      setup_script: null,
      dev_script: null,
      cleanup_script: null,
      copy_files: null,
    });
    return idSchema.parse(project).id;
  }

  async createTask(projectId: string, title: string, description: string): Promise<string> {
    const task = await this.#call('POST', '/api/tasks', {
      project_id: projectId,
      title,
      description,
      parent_task_attempt: null,
      image_ids: null,
    });
    return idSchema.parse(task).id;
  }

  async createAttempt(taskId: string, baseBranch: string): Promise<string> {
    const attempt = await this.#call('POST', '/api/task-attempts', {
      task_id: taskId,
      executor_profile_id: { executor: 'CLAUDE_CODE', variant: null },
      base_branch: baseBranch,
    });
    return idSchema.parse(attempt).id;
  }

  /** Sends the agent of an attempt back to work with another prompt. */
  async followUp(attemptId: string, prompt: string): Promise<void> {
    await this.#call('POST', `/api/task-attempts/${attemptId}/follow-up`, {
      prompt,
      variant: null,
      image_ids: null,
    });
  }

  async attempts(taskId: string): Promise<z.infer<typeof attemptSchema>[]> {
    return attemptSchema.array().parse(await this.#call('GET', `/api/task-attempts?task_id=${taskId}`));
  }

  async executions(attemptId: string): Promise<z.infer<typeof executionSchema>[]> {
    const path = `/api/execution-processes?task_attempt_id=${attemptId}`;
    return executionSchema.array().parse(await this.#call('GET', path));
  }

  /** Deletes the task with its attempts and their worktrees. */
  async deleteTask(taskId: string): Promise<void> {
    await this.#call('DELETE', `/api/tasks/${taskId}`);
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.#url + path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(CALL_DEADLINE_MS),
    });
    const text = await response.text();
    // An error may come as 200 with success:false.
    const reply = response.ok ? envelope.safeParse(JSON.parse(text)).data : undefined;
    if (!reply?.success)
      throw new Error(`${method} ${path} failed with ${response.status}: ${text.slice(0, 500)}`);
    return reply.data;
  }
}
