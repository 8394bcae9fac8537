import type { BoardTask } from '#shared/extension/target.ts';
import type { OpenBoard } from '../../boards/board-adapter.ts';

/** The background may have been ended after this long: say again where the pointer is, which wakes it. */
const REPEAT_AFTER_MS = 20_000;

interface CardTrackerOptions {
  board: OpenBoard;
  document: Document;
  signal: AbortSignal;
  /** Tells whether the menu item belongs to what is under the pointer or has the focus. */
  report(onCard: boolean): Promise<void>;
}

/** Knows whether the pointer or the focus is on a task's card, before the button goes down, and which one it was. */
export class CardTracker {
  readonly #options: CardTrackerOptions;
  #reported: boolean | undefined;
  #reportedAt = Number.NEGATIVE_INFINITY;
  /** The card last entered; an answer about another one comes too late. */
  #card: Element | null = null;
  #underMenu: BoardTask | null | Promise<BoardTask | null> = null;
  #menuOpen = false;

  constructor(options: CardTrackerOptions) {
    this.#options = options;
    const { document, signal } = options;
    const view = document.defaultView;
    const capture = { capture: true, passive: true, signal };
    const at = (event: Event) => this.#at(elementOf(event));
    document.addEventListener('pointerover', at, capture);
    document.addEventListener('pointerdown', at, capture);
    document.addEventListener('focusin', at, capture);
    document.addEventListener(
      'contextmenu',
      (event) => {
        const card = this.#cardOf(elementOf(event));
        this.#underMenu = card && this.#options.board.taskOfElement(card);
        this.#menuOpen = true;
      },
      capture,
    );
    document.documentElement.addEventListener('pointerleave', () => this.#left(), { signal });
    document.addEventListener('visibilitychange', () => this.#forget(), { signal });
    view?.addEventListener('focus', () => this.#forget(), { signal });
  }

  /** The task whose card was under the pointer when the menu opened. */
  async taskUnderMenu(): Promise<BoardTask | null> {
    return this.#underMenu;
  }

  #at(element: Element | null): void {
    this.#menuOpen = false;
    const card = this.#cardOf(element);
    if (card !== null && card === this.#card) return void this.#report(this.#reported ?? true);
    this.#card = card;
    if (card === null) return this.#report(false);
    const task = this.#options.board.taskOfElement(card);
    if (!(task instanceof Promise)) return this.#report(task !== null);
    this.#report(false);
    task.then(
      (known) => {
        if (this.#card === card) this.#report(known !== null);
      },
      () => {}, // an unreadable card has no menu item
    );
  }

  /** The pointer also leaves the page when the menu opens over it; the item must stay then. */
  #left(): void {
    if (this.#menuOpen) return;
    this.#card = null;
    this.#report(false);
  }

  /** Another tab may have changed the item meanwhile: whatever comes next is reported again. */
  #forget(): void {
    this.#reported = undefined;
    this.#card = null;
  }

  #report(onCard: boolean): void {
    const now = performance.now();
    if (onCard === this.#reported && now - this.#reportedAt < REPEAT_AFTER_MS) return;
    this.#reported = onCard;
    this.#reportedAt = now;
    this.#options.report(onCard).catch(() => {
      this.#reported = undefined; // not heard: say it again at the next occasion
    });
  }

  #cardOf(element: Element | null): Element | null {
    return element && this.#options.board.cardOfElement(element);
  }
}

function elementOf(event: Event): Element | null {
  const first = event.composedPath()[0];
  return first instanceof Element ? first : null;
}
