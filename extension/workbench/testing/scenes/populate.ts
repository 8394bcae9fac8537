import type { FakeCompanion } from '../fake-companion.ts';
import { makeAttempt } from '../sample-data.ts';
import { sampleRequests } from '../sample-network.ts';

export const repository = { kind: 'repository', location: '/home/dev/shop' } as const;
export const board = { kind: 'board', location: 'http://localhost:3000' } as const;
const onBoard = { kind: 'board', url: 'http://localhost:3000' } as const;

export const HOSTILE_TITLE =
  '<img src=x onerror=alert(1)> \u202egnp.exe\u202c and a title so long that no header of any width could hold all of it at once';

/** Two sources, a handful of attempts, three of them with an environment. */
export function populate(fake: FakeCompanion): void {
  const isolation = {
    network: 'enforced',
    files: 'enforced',
    processes: 'enforced',
    memory: 'enforced',
    cpu: 'enforced',
    disk: 'enforced',
    pids: 'enforced',
  } as const;
  fake.put({
    id: 'cart',
    title: 'Show the cart total in the header',
    worktree: '/w/cart',
    branch: 'vk/7f3a-cart-total',
  });
  fake.put({
    id: 'login',
    title: 'Let customers sign in with a passkey',
    worktree: '/w/login',
    branch: 'vk/91bc-passkey',
    agentId: 'codex',
    runtime: 'docker',
    isolation,
  });
  fake.put({
    id: 'search',
    title: 'Search as you type',
    worktree: '/w/search',
    branch: 'vk/02de-search',
    agentId: 'GEMINI',
    status: 'suspended',
  });
  const titles = ['Fix the rounding of prices', 'Dark theme', HOSTILE_TITLE];
  fake.attempts = {
    sources: [board, repository],
    attempts: [
      ...(['cart', 'login', 'search'] as const).map((id) => {
        const { title, agentId, worktree, branch } = fake.environments.get(id) ?? makeAttempt({ taskId: id });
        return makeAttempt({ taskId: `task-${id}`, title, agentId, worktree, branch, source: onBoard });
      }),
      ...titles.map((title, index) =>
        makeAttempt({ taskId: `t${index}`, title, branch: `vk/00${index}-attempt`, source: onBoard }),
      ),
      makeAttempt({ taskId: 'main', title: 'shop (main checkout)', agentId: 'local', branch: 'main' }),
    ],
  };
}

/** As {@link populate}, with requests of one of them. */
export function withRequests(fake: FakeCompanion): void {
  populate(fake);
  for (const request of sampleRequests()) fake.request('cart', request);
}
