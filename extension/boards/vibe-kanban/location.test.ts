import { describe, expect, it } from 'vitest';
import { readPath } from './location.ts';

const PROJECT = '6572f840-b7a8-4e0f-8695-c59675615f28';
const TASK = '7943f683-fac4-494b-b3b2-217c3d244544';

describe('the path of a Vibe Kanban page', () => {
  it.each([
    [`/projects/${PROJECT}/tasks`, { projectId: PROJECT }],
    [`/projects/${PROJECT}/tasks/${TASK}`, { projectId: PROJECT, taskId: TASK }],
    [`/projects/${PROJECT}/tasks/${TASK}/attempts/${PROJECT}/full`, { projectId: PROJECT, taskId: TASK }],
    [`/local-projects/${PROJECT}/tasks/${TASK}`, { projectId: PROJECT, taskId: TASK }],
    [`/workspaces/${TASK}`, { taskId: TASK }],
    [`/projects/${PROJECT}/issues/${PROJECT}/workspaces/${TASK}`, { taskId: TASK }],
    ['/projects', {}],
    ['/workspaces/create', {}],
    [`/projects/${PROJECT}/tasks/not-an-id`, { projectId: PROJECT }],
    [`/settings?next=/projects/${PROJECT}/tasks/${TASK}`, {}],
  ])('%s', (path, read) => {
    expect(readPath(path)).toEqual(read);
  });
});
