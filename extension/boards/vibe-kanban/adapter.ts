import type { BoardTask } from '#shared/extension/target.ts';
import { MAX_TITLE_LENGTH } from '#shared/extension/task-limits.ts';
import { askPage } from '../ask-page.ts';
import type { BoardAdapter, BoardPage, OpenBoard } from '../board-adapter.ts';
import { closestAcross } from '../closest-across.ts';
import { readTask } from '../read-task.ts';
import { readPath } from './location.ts';
import { TaskTitles } from './task-titles.ts';

/** A card of the kanban; and, from 0.1.27 on, the link to a workspace, which stands for the attempt. */
const CARD = '[role="button"][aria-roledescription="draggable"], a[href*="/workspaces/"]';

/** Most cards looked at for a title; asking one takes microseconds. */
const MAX_CARDS = 300;

/** Vibe Kanban and its forks. Tried on 0.0.71: http://127.0.0.1:<port>/projects/<id>/tasks */
export const vibeKanban: BoardAdapter = {
  kind: 'vibe-kanban',
  recognise(document) {
    return /\bvibe[ -]kanban\b/i.test(document.title) && document.getElementById('root') !== null;
  },
  open: (page) => new VibeKanbanPage(page),
};

class VibeKanbanPage implements OpenBoard {
  readonly #page: BoardPage;
  readonly #titles: TaskTitles;
  #probed: Promise<void> | undefined;

  constructor(page: BoardPage) {
    this.#page = page;
    this.#titles = new TaskTitles(page.signal);
    void this.#probe();
  }

  cardOfElement(element: Element): Element | null {
    const card = closestAcross(element, CARD);
    if (card instanceof HTMLAnchorElement) return readPath(card.pathname).taskId === undefined ? null : card;
    return card;
  }

  taskOfElement(card: Element): BoardTask | null | Promise<BoardTask | null> {
    if (card instanceof HTMLAnchorElement) return readTask(readPath(card.pathname).taskId, card.textContent);
    return askPage(card) ?? this.#askAgain(card);
  }

  taskOfLocation(location: Location): BoardTask | null {
    const { taskId } = readPath(location.pathname);
    return this.#taskOfCards(taskId) ?? readTask(taskId, undefined);
  }

  /** The page of a task says its title in no certain place; its card does. */
  #taskOfCards(taskId: string | undefined): BoardTask | null {
    if (taskId === undefined) return null;
    for (const card of [...this.#page.document.querySelectorAll(CARD)].slice(0, MAX_CARDS)) {
      const task = card instanceof HTMLAnchorElement ? null : askPage(card);
      if (task?.taskId === taskId) return task;
    }
    return null;
  }

  content(): HTMLElement {
    return this.#page.document.getElementById('root') ?? this.#page.document.body;
  }

  async #askAgain(card: Element): Promise<BoardTask | null> {
    await this.#probe();
    const answer = askPage(card);
    if (answer) return answer;
    const title = card.querySelector('h4')?.textContent?.trim().slice(0, MAX_TITLE_LENGTH);
    const { projectId } = readPath(this.#page.location.pathname);
    if (!title || projectId === undefined) return null;
    return this.#titles.find(this.#page.location.origin, projectId, title);
  }

  /** Never rejects: without a reader there are still the titles. */
  #probe(): Promise<void> {
    this.#probed ??= this.#page.probe().catch(() => {
      this.#probed = undefined; // the background may only have been starting
    });
    return this.#probed;
  }
}
