// @vitest-environment happy-dom
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CARD_READ_EVENT, READ_CARD_EVENT } from '../page-events.ts';
import { vibeKanban } from './adapter.ts';
import { readCard } from './card-reader.ts';
import { TaskTitles } from './task-titles.ts';

const PROJECT = '6572f840-b7a8-4e0f-8695-c59675615f28';
const TASK = '7943f683-fac4-494b-b3b2-217c3d244544';

let ended: AbortController;
let probes: number;

beforeEach(() => {
  ended = new AbortController();
  probes = 0;
  document.title = 'vibe-kanban';
  document.body.innerHTML = `
    <div id="root">
      <div role="button" aria-roledescription="draggable" id="card"><h4> Blue theme </h4><button id="menu">…</button></div>
      <a id="workspace" href="/workspaces/${TASK}">Night timeline</a>
      <a id="create" href="/workspaces/create">New</a>
      <p id="elsewhere">text</p>
    </div>`;
});

afterEach(() => ended.abort());

function open() {
  return vibeKanban.open({
    document,
    location,
    signal: ended.signal,
    probe: async () => {
      probes += 1;
    },
  });
}

/** Answers as the reader in the page's world does, or as a page that forges it. */
function answerCards(answer: () => unknown): void {
  document.addEventListener(
    READ_CARD_EVENT,
    () => document.dispatchEvent(new CustomEvent(CARD_READ_EVENT, { detail: answer() })),
    { signal: ended.signal },
  );
}

const element = (id: string): Element => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no #${id}`);
  return found;
};

describe('the Vibe Kanban adapter', () => {
  it('recognises the board and its forks by title and root, and no other app', () => {
    expect(vibeKanban.recognise(document, location)).toBe(true);
    document.title = 'Vibe Kanban (fork)';
    expect(vibeKanban.recognise(document, location)).toBe(true);
    document.title = 'My kanban';
    expect(vibeKanban.recognise(document, location)).toBe(false);
  });

  it('finds the card around an element, and none elsewhere', () => {
    const board = open();
    expect(board.cardOfElement(element('menu'))).toBe(element('card'));
    expect(board.cardOfElement(element('elsewhere'))).toBeNull();
    expect(board.cardOfElement(element('create'))).toBeNull();
  });

  it('finds the card around an element of a shadow tree in it', () => {
    const button = document.createElement('button');
    element('menu').attachShadow({ mode: 'open' }).append(button);
    expect(open().cardOfElement(button)).toBe(element('card'));
  });

  it('takes the task that the reader in the page tells', () => {
    answerCards(() => JSON.stringify({ taskId: TASK, title: 'Blue theme' }));
    expect(open().taskOfElement(element('card'))).toEqual({ taskId: TASK, title: 'Blue theme' });
  });

  it('takes a workspace’s task from its link', () => {
    expect(open().taskOfElement(element('workspace'))).toEqual({ taskId: TASK, title: 'Night timeline' });
  });

  it.each([
    ['no JSON', '{'],
    ['no text', { taskId: TASK }],
    ['an id that is a path', JSON.stringify({ taskId: '../x' })],
    ['an id that is no text', JSON.stringify({ taskId: { toString: 'x' } })],
    ['null', 'null'],
    ['a flood', JSON.stringify({ taskId: TASK, title: 'x'.repeat(10_000) })],
  ])('[attack 17] takes nothing from a page that answers %s', async (_, detail) => {
    answerCards(() => detail);
    await expect(open().taskOfElement(element('card'))).resolves.toBeNull();
  });

  it('asks for the reader once, however many cards are asked', async () => {
    const board = open();
    await board.taskOfElement(element('card'));
    await board.taskOfElement(element('card'));
    expect(probes).toBe(1);
  });
});

describe('the reader in the page', () => {
  it('finds the task in the components around a card', () => {
    const card = element('card');
    const inner = {
      memoizedProps: {},
      return: { memoizedProps: { task: { id: TASK, title: 'Blue theme' } } },
    };
    Object.assign(card, { __reactFiber$abc: inner });
    expect(readCard(card)).toEqual({ taskId: TASK, title: 'Blue theme' });
  });

  it('gives up on a chain without end, and on an element React does not know', () => {
    const endless: { return?: unknown } = {};
    endless.return = endless;
    Object.assign(element('card'), { __reactFiber$abc: endless });
    expect(readCard(element('card'))).toBeNull();
    expect(readCard(element('elsewhere'))).toBeNull();
  });
});

describe('tasks by title', () => {
  it('finds the one task with a title, and none where two share it', async () => {
    const rows = [
      { id: TASK, title: 'Blue theme' },
      { id: PROJECT, title: 'Twin' },
      { id: TASK, title: 'Twin' },
      { id: 7, title: 'No id' },
    ];
    const { origin, close } = await fakeBoard(
      'application/json',
      JSON.stringify({ success: true, data: rows }),
    );
    const titles = new TaskTitles(ended.signal, fetch);
    await expect(titles.find(origin, PROJECT, 'Blue theme')).resolves.toEqual({
      taskId: TASK,
      title: 'Blue theme',
    });
    await expect(titles.find(origin, PROJECT, 'Twin')).resolves.toBeNull();
    await expect(titles.find(origin, PROJECT, 'No id')).resolves.toBeNull();
    await close();
  });

  it('waits for an answer that is on its way, and takes none from a board that fails', async () => {
    let requests = 0;
    let fail: (reason: Error) => void = () => {};
    let answered = new Promise<Response>((_, reject) => {
      fail = reject;
    });
    const titles = new TaskTitles(ended.signal, () => {
      requests += 1;
      return answered;
    });
    const asked = [1, 2].map(() => titles.find('http://localhost', PROJECT, 'Blue theme'));
    fail(new TypeError('Failed to fetch'));
    await expect(Promise.all(asked)).resolves.toEqual([null, null]);
    expect(requests).toBe(1);

    // Another project is asked for at once.
    answered = Promise.resolve(
      Response.json({ data: [{ id: TASK, title: `Long ${'title '.repeat(200)}` }] }),
    );
    const cut = `Long ${'title '.repeat(200)}`.slice(0, 500);
    await expect(titles.find('http://localhost', TASK, cut)).resolves.toMatchObject({ taskId: TASK });
  });

  it('takes nothing from a page in place of the API', async () => {
    const { origin, close } = await fakeBoard('text/html', '<title>vibe-kanban</title>');
    await expect(new TaskTitles(ended.signal, fetch).find(origin, PROJECT, 'Blue theme')).resolves.toBeNull();
    await close();
  });
});

async function fakeBoard(contentType: string, body: string) {
  const server = createServer((_, response) => {
    response.setHeader('content-type', contentType);
    response.setHeader('access-control-allow-origin', '*');
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
