import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectBoard } from '../connect.ts';
import { FakeBoard, sendEnvelope } from '../fake-board.ts';

const PROJECT = '6572f840-b7a8-4e0f-8695-c59675615f28';
const TASK = '7943f683-fac4-494b-b3b2-217c3d244544';
const ATTEMPT = '00ac8920-7e29-4f9f-9d2b-f40c9ee873de';
const OLDER = '79ab684a-0d8d-4d61-99ca-3c696ba75adc';
const WORKTREE = '/var/tmp/vibe-kanban/worktrees/vk-00ac-blue-theme';

const signal = AbortSignal.timeout(30_000);
const task = { id: TASK, project_id: PROJECT, title: 'Blue theme', status: 'inreview' };
const attempt = {
  id: ATTEMPT,
  task_id: TASK,
  container_ref: WORKTREE,
  branch: 'vk-00ac-blue-theme',
  base_branch: 'main',
  profile: 'CLAUDE_CODE',
  worktree_deleted: false,
};
const found = {
  taskId: TASK,
  attemptId: ATTEMPT,
  title: 'Blue theme',
  agentId: 'CLAUDE_CODE',
  worktree: WORKTREE,
  branch: 'vk-00ac-blue-theme',
};

let fake: FakeBoard;
let origin: string;

beforeEach(async () => {
  fake = new FakeBoard();
  origin = await fake.start();
  fake.answers.set('/api/health', { data: 'OK' });
});

afterEach(() => fake.stop());

const connect = () => connectBoard(origin, signal);

describe('a board of task attempts (0.0.71)', () => {
  beforeEach(() => {
    fake.answers.set('/api/projects', { data: [{ id: PROJECT, name: 'Sample' }] });
    fake.answers.set(`/api/tasks?project_id=${PROJECT}`, { data: [task] });
    fake.answers.set(`/api/tasks/${TASK}`, { data: task });
    withAttempts([attempt]);
  });

  function withAttempts(rows: unknown): void {
    fake.answers.set('/api/task-attempts', { data: rows });
    fake.answers.set(`/api/task-attempts?task_id=${TASK}`, { data: rows });
  }

  it('lists every attempt that owns a worktree', async () => {
    withAttempts([attempt, { ...attempt, id: OLDER, worktree_deleted: true }]);
    await expect((await connect()).listAttempts(signal)).resolves.toEqual([found]);
  });

  it('finds the newest attempt that has a worktree', async () => {
    withAttempts([{ ...attempt, id: OLDER, worktree_deleted: true }, attempt]);
    await expect((await connect()).findAttempt(TASK, signal)).resolves.toEqual(found);
  });

  it('waits for the worktree of an attempt that was made this moment', async () => {
    let asked = 0;
    fake.answers.set(`/api/task-attempts?task_id=${TASK}`, (_, response) => {
      asked += 1;
      const row = asked < 3 ? { ...attempt, container_ref: null, branch: null } : attempt;
      sendEnvelope(response, { success: true, data: [row], message: null });
    });
    await expect((await connect()).findAttempt(TASK, signal)).resolves.toEqual(found);
  });

  it('does not wait for ever: the attempt before it is better than none', async () => {
    withAttempts([{ ...attempt, id: OLDER, container_ref: null, branch: null }, attempt]);
    await expect((await connect()).findAttempt(TASK, signal)).resolves.toEqual(found);
  });

  it('has null for a task without an attempt', async () => {
    withAttempts([]);
    await expect((await connect()).findAttempt(TASK, signal)).resolves.toBeNull();
  });

  it('knows that there is no such task, by an empty 404 and by a refused id', async () => {
    const board = await connect();
    fake.answers.set(`/api/tasks/${OLDER}`, (_, response) => response.writeHead(404).end());
    await expect(board.findAttempt(OLDER, signal)).rejects.toMatchObject({
      code: 'TASK_UNKNOWN',
      status: 404,
    });
    fake.answers.set('/api/tasks/x', (_, response) =>
      response.writeHead(400, { 'content-type': 'text/plain' }).end(),
    );
    await expect(board.findAttempt('x', signal)).rejects.toMatchObject({ code: 'TASK_UNKNOWN' });
  });

  it('[attack 10] asks for a task by its id only, however the id is written', async () => {
    const board = await connect();
    await board.findAttempt('../projects?x=', signal).catch(() => {});
    expect(fake.requests).toContain('/api/tasks/..%2Fprojects%3Fx%3D');
  });

  it('takes success:false with HTTP 200 for the refusal it is', async () => {
    const board = await connect();
    fake.answers.set(`/api/task-attempts?task_id=${TASK}`, (_, response) =>
      sendEnvelope(response, { success: false, data: null, message: 'database is locked' }),
    );
    const error = await board.findAttempt(TASK, signal).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'BOARD_REFUSED', status: 502 });
    expect(error.message).toContain('database is locked');
  });

  it.each([
    ['a relative worktree', { ...attempt, container_ref: '../elsewhere' }],
    ['a worktree with a NUL', { ...attempt, container_ref: '/tmp/\0x' }],
    ['an id that is no UUID', { ...attempt, id: '1; rm -rf' }],
    ['no rows at all', 'attempts'],
  ])('refuses %s', async (_, row) => {
    withAttempts(typeof row === 'string' ? row : [row]);
    await expect((await connect()).findAttempt(TASK, signal)).rejects.toMatchObject({
      code: 'BOARD_ANSWER_INVALID',
    });
  });

  it('refuses a page in place of an answer', async () => {
    const board = await connect();
    fake.answers.delete(`/api/tasks/${TASK}`);
    await expect(board.findAttempt(TASK, signal)).rejects.toMatchObject({ code: 'BOARD_ANSWER_INVALID' });
  });

  it('[attack 21] hands a title with markup on as it is, cut to a bearable length', async () => {
    const title = `<img src=x onerror=alert(1)>${'x'.repeat(1_000)}`;
    fake.answers.set(`/api/tasks/${TASK}`, { data: { ...task, title } });
    const hostile = await (await connect()).findAttempt(TASK, signal);
    expect(hostile?.title).toBe(title.slice(0, 500));
  });

  it('lists what it can read beside rows of a later version, and beside attempts it is told nothing of', async () => {
    const broken = { ...attempt, id: OLDER };
    withAttempts([attempt, broken, { id: 7, container_ref: { path: WORKTREE } }, null]);
    fake.answers.set(`/api/task-attempts/${OLDER}/repos`, (_, response) => {
      response.statusCode = 500;
      sendEnvelope(response, { success: false, message: 'no such directory' });
    });
    await expect((await connect()).listAttempts(signal)).resolves.toEqual([found]);
    withAttempts([broken]);
    await expect((await connect()).listAttempts(signal)).rejects.toMatchObject({ code: 'BOARD_REFUSED' });
  });

  it('calls attempts by their branch while a project does not tell its tasks', async () => {
    fake.answers.set(`/api/tasks?project_id=${PROJECT}`, (_, response) =>
      sendEnvelope(response, { success: false, message: 'database is locked' }),
    );
    const [listed] = await (await connect()).listAttempts(signal);
    expect(listed).toEqual({ ...found, title: attempt.branch });
  });

  it('needs none of the fields that a version may lack', async () => {
    withAttempts([{ id: ATTEMPT, task_id: TASK, container_ref: WORKTREE, worktree_deleted: null }]);
    await expect((await connect()).findAttempt(TASK, signal)).resolves.toEqual({
      ...found,
      agentId: 'agent',
      branch: '',
    });
  });

  it('does not pass over the newest attempt when it cannot be read', async () => {
    withAttempts([{ ...attempt, id: 'new' }, attempt]);
    await expect((await connect()).findAttempt(TASK, signal)).rejects.toMatchObject({
      code: 'BOARD_ANSWER_INVALID',
    });
  });

  it('asks a version that has no repositories for none, however many attempts there are', async () => {
    const ids = Array.from(
      { length: 500 },
      (_, n) => `79ab684a-0d8d-4d61-99ca-${String(n).padStart(12, '0')}`,
    );
    withAttempts(ids.map((id) => ({ ...attempt, id })));
    await expect((await connect()).listAttempts(signal)).resolves.toHaveLength(500);
    expect(fake.requests.filter((path) => path.endsWith('/repos')).length).toBeLessThan(10);
  });

  it('finds the worktree of each repository where an attempt is a directory of them (0.1)', async () => {
    const { profile, ...row } = attempt;
    withAttempts([row]);
    fake.answers.set(`/api/task-attempts/${ATTEMPT}/repos`, { data: [{ name: 'web' }, { name: 'api' }] });
    fake.answers.set(`/api/sessions?workspace_id=${ATTEMPT}`, {
      data: [{ executor: null }, { executor: profile }],
    });
    await expect((await connect()).listAttempts(signal)).resolves.toEqual([
      { ...found, title: 'Blue theme · web', worktree: `${WORKTREE}/web` },
      { ...found, title: 'Blue theme · api', worktree: `${WORKTREE}/api` },
    ]);
  });
});

describe('a board of workspaces (0.1.27 and later)', () => {
  const workspace = {
    id: ATTEMPT,
    task_id: null,
    container_ref: '/var/tmp/vibe-kanban/worktrees/00ac-blue',
    branch: 'vk/00ac-blue',
    name: 'Blue theme',
    archived: false,
    pinned: false,
    worktree_deleted: false,
  };
  const asAttempt = {
    taskId: ATTEMPT,
    attemptId: ATTEMPT,
    title: 'Blue theme',
    agentId: 'CODEX',
    worktree: '/var/tmp/vibe-kanban/worktrees/00ac-blue/sample',
    branch: 'vk/00ac-blue',
  };

  beforeEach(() => {
    fake.answers.set('/api/workspaces', { data: [workspace] });
    fake.answers.set(`/api/workspaces/${ATTEMPT}/repos`, { data: [{ name: 'sample' }] });
    fake.answers.set(`/api/sessions?workspace_id=${ATTEMPT}`, { data: [{ executor: 'CODEX' }] });
  });

  it('takes each workspace for an attempt, in the worktree of its repository', async () => {
    await expect((await connect()).listAttempts(signal)).resolves.toEqual([asAttempt]);
  });

  it('lists no archived workspaces', async () => {
    fake.answers.set('/api/workspaces', { data: [{ ...workspace, archived: true }] });
    await expect((await connect()).listAttempts(signal)).resolves.toEqual([]);
  });

  it('finds a workspace by its own id and by the task it was made for', async () => {
    fake.answers.set('/api/workspaces', { data: [{ ...workspace, task_id: TASK }] });
    const board = await connect();
    await expect(board.findAttempt(ATTEMPT, signal)).resolves.toEqual(asAttempt);
    await expect(board.findAttempt(TASK, signal)).resolves.toEqual({ ...asAttempt, taskId: TASK });
  });

  it('finds a workspace beside others of another shape', async () => {
    fake.answers.set('/api/workspaces', { data: [{ id: OLDER, container_ref: 7 }, workspace] });
    await expect((await connect()).findAttempt(ATTEMPT, signal)).resolves.toEqual(asAttempt);
    await expect((await connect()).findAttempt(OLDER, signal)).rejects.toMatchObject({
      code: 'BOARD_ANSWER_INVALID',
    });
  });

  it('knows that there is no such workspace', async () => {
    await expect((await connect()).findAttempt(OLDER, signal)).rejects.toMatchObject({
      code: 'TASK_UNKNOWN',
    });
  });

  it.each(['..', '.', 'a/b', 'a\\b', ''])('[attack 20] refuses a repository named %j', async (name) => {
    fake.answers.set(`/api/workspaces/${ATTEMPT}/repos`, { data: [{ name }] });
    await expect((await connect()).listAttempts(signal)).rejects.toMatchObject({
      code: 'BOARD_ANSWER_INVALID',
    });
  });

  it('names the agent plainly where the board does not', async () => {
    fake.answers.delete(`/api/sessions?workspace_id=${ATTEMPT}`);
    await expect((await connect()).findAttempt(ATTEMPT, signal)).resolves.toMatchObject({ agentId: 'agent' });
  });
});
