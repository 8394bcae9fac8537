import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { git } from '../../companion/demo/git.ts';
import { startChild } from '../child.ts';
import { Lifetime } from '../lifetime.ts';
import { waitUntil } from '../wait-until.ts';
import { BoardApi } from './api.ts';
import { fetchVibeKanban, VIBE_KANBAN_VERSION } from './fetch-binary.ts';

const AGENT = join(import.meta.dirname, 'agent.ts');
const START_DEADLINE_MS = 20_000;
const ATTEMPT_DEADLINE_MS = 30_000;

/** A task on the board with the attempt a scripted agent made of it. */
export interface BoardTask {
  projectId: string;
  taskId: string;
  attemptId: string;
  title: string;
  worktree: string;
  branch: string;
}

export interface VibeKanban {
  readonly url: string;
  readonly pid: number;
  readonly api: BoardApi;
  createProject(name: string, repository: string): Promise<string>;
  /** Creates a task and has the scripted agent attempt it; see agent.ts for what a description may say. */
  attemptTask(projectId: string, title: string, description: string): Promise<BoardTask>;
  /** Sends the agent of the attempt to work again and waits until it is done. */
  followUp(task: BoardTask, prompt: string): Promise<void>;
  /** Where a person sees the project's cards. */
  projectUrl(projectId: string): string;
  /** Deletes the tasks with their worktrees, ends the board and removes its files. Idempotent. */
  stop(): Promise<void>;
}

/** Starts a private Vibe Kanban whose coding agent is scripted. Nothing of the user's own board is touched. */
export async function startVibeKanban({ signal }: { signal?: AbortSignal } = {}): Promise<VibeKanban> {
  const binary = await fetchVibeKanban(signal);
  const lifetime = new Lifetime();
  try {
    const directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-board-')), (path) =>
      rm(path, { recursive: true, force: true, maxRetries: 3 }),
    );
    const env = await prepareHome(directory);
    const child = lifetime.own(await startChild(binary, [], { cwd: directory, env }), (board) =>
      board.stop(),
    );
    const url = await waitForBoard(directory, child.exited, signal).catch((thrown) => {
      throw new Error(`Vibe Kanban did not start:\n${child.output()}`, { cause: thrown });
    });
    return new RunningBoard(url, child.pid, lifetime);
  } catch (thrown) {
    await lifetime.end();
    throw thrown;
  }
}

class RunningBoard implements VibeKanban {
  readonly url: string;
  readonly pid: number;
  readonly api: BoardApi;
  readonly #lifetime: Lifetime;
  /** By project. */
  readonly #repositories = new Map<string, string>();

  constructor(url: string, pid: number, lifetime: Lifetime) {
    this.url = url;
    this.pid = pid;
    this.api = new BoardApi(url);
    this.#lifetime = lifetime;
  }

  async createProject(name: string, repository: string): Promise<string> {
    const projectId = await this.api.createProject(name, repository);
    this.#repositories.set(projectId, repository);
    return projectId;
  }

  async attemptTask(projectId: string, title: string, description: string): Promise<BoardTask> {
    const taskId = await this.api.createTask(projectId, title, description);
    const attemptId = await this.api.createAttempt(taskId, 'main');
    await this.#agentDone(attemptId, 1);
    const attempt = (await this.api.attempts(taskId)).find(({ id }) => id === attemptId);
    if (!attempt?.container_ref || !attempt.branch)
      throw new Error(`The attempt at "${title}" has no worktree`);
    const task = {
      projectId,
      taskId,
      attemptId,
      title,
      worktree: attempt.container_ref,
      branch: attempt.branch,
    };
    return this.#lifetime.own(task, (made) => this.#remove(made));
  }

  async followUp({ attemptId }: BoardTask, prompt: string): Promise<void> {
    const before = await this.api.executions(attemptId);
    await this.api.followUp(attemptId, prompt);
    await this.#agentDone(attemptId, before.length + 1);
  }

  projectUrl(projectId: string): string {
    return `${this.url}/projects/${projectId}/tasks`;
  }

  stop(): Promise<void> {
    return this.#lifetime.end();
  }

  /** The board removes a task's worktree a little later than it answers, and never its branch. */
  async #remove({ projectId, taskId, worktree, branch }: BoardTask): Promise<void> {
    await this.api.deleteTask(taskId);
    await rm(worktree, { recursive: true, force: true, maxRetries: 3 });
    const repository = this.#repositories.get(projectId);
    if (!repository) return;
    await git(repository, ['worktree', 'prune']);
    await git(repository, ['branch', '--quiet', '-D', branch]);
  }

  async #agentDone(attemptId: string, runs: number): Promise<void> {
    const last = await waitUntil(
      async () => {
        const executions = await this.api.executions(attemptId);
        return executions.length >= runs && executions.every(({ status }) => status !== 'running')
          ? executions.at(-1)
          : undefined;
      },
      { what: 'the scripted agent to end', deadlineMs: ATTEMPT_DEADLINE_MS },
    );
    if (last.status !== 'completed') throw new Error(`The scripted agent ended as ${last.status}`);
  }
}

async function waitForBoard(
  directory: string,
  exited: Promise<unknown>,
  signal?: AbortSignal,
): Promise<string> {
  const over = new AbortController();
  exited.then((code) => over.abort(new Error(`It exited with ${code}`)));
  return waitUntil(
    async () => {
      const port = Number.parseInt(
        await readFile(join(directory, 'tmp/vibe-kanban/vibe-kanban.port'), 'utf8'),
        10,
      );
      const url = `http://127.0.0.1:${port}`;
      await new BoardApi(url).health();
      return url;
    },
    {
      what: 'the board to answer',
      deadlineMs: START_DEADLINE_MS,
      signal: AbortSignal.any([over.signal, ...(signal ? [signal] : [])]),
    },
  );
}

/** Lays out a private home, so that neither the user's board nor the user's agents are involved. */
async function prepareHome(directory: string): Promise<NodeJS.ProcessEnv> {
  const at = (...parts: string[]) => join(directory, ...parts);
  const data = at('data/vibe-kanban');
  for (const path of [at('home'), at('tmp'), at('bin'), data]) await mkdir(path, { recursive: true });
  const agent = at('bin/agent');
  await writeFile(agent, `#!/bin/sh\nexec '${process.execPath}' '${AGENT}' "$@"\n`, { mode: 0o755 });
  // The board opens the user's browser when it starts.
  await writeFile(at('bin/xdg-open'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  await writeFile(at('home/.gitconfig'), '[user]\n\tname = Scripted agent\n\temail = agent@localhost\n');
  await writeFile(join(data, 'config.json'), JSON.stringify(CONFIG));
  await writeFile(join(data, 'profiles.json'), JSON.stringify(scriptedProfile(agent)));
  return {
    PATH: [at('bin'), process.env.PATH].join(delimiter),
    LANG: process.env.LANG ?? 'C.UTF-8',
    HOME: at('home'),
    XDG_DATA_HOME: at('data'),
    TMPDIR: at('tmp'),
    HOST: '127.0.0.1',
    BACKEND_PORT: '0',
    // Without it the board deletes every worktree below /var/tmp/vibe-kanban that it does not know.
    DISABLE_WORKTREE_ORPHAN_CLEANUP: '1',
  };
}

function scriptedProfile(agent: string) {
  const settings = { dangerously_skip_permissions: true, base_command_override: agent };
  return { executors: { CLAUDE_CODE: { DEFAULT: { CLAUDE_CODE: settings } } } };
}

/** Answers every question the board would ask in a dialog. */
const CONFIG = {
  config_version: 'v6',
  theme: 'LIGHT',
  executor_profile: { executor: 'CLAUDE_CODE' },
  disclaimer_acknowledged: true,
  onboarding_acknowledged: true,
  github_login_acknowledged: true,
  telemetry_acknowledged: true,
  notifications: { sound_enabled: false, push_enabled: false, sound_file: 'COW_MOOING' },
  editor: { editor_type: 'VS_CODE', custom_command: null },
  github: { pat: null, oauth_token: null, username: null, primary_email: null, default_pr_base: 'main' },
  analytics_enabled: false,
  workspace_dir: null,
  last_app_version: VIBE_KANBAN_VERSION,
  show_release_notes: false,
};
