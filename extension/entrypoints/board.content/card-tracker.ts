import type { BoardTask } from '#shared/extension/target.ts';
import type { OpenBoard } from '../../boards/board-adapter.ts';

/** The background may have been ended after this long: say again where the pointer is, which wakes it. */
const REPEAT_AFTER_MS = 20_000;

interface CardTrackerOptions {
  window: Window;
  signal: AbortSignal;
  /** Tells whether the menu item belongs to what is under the pointer or has the focus. */
  report(onCard: boolean): Promise<void>;
}

/**
 * Knows whether the pointer or the focus is on a task's card, before the button goes down, and which one it was. Made
 * before the page's scripts run: a board may keep these events to itself, but not from who listened on the window first.
 */
export class CardTracker {
  readonly #options: CardTrackerOptions;
  /** Until the page is recognised, nothing on it is a card. */
  #board: OpenBoard | undefined;
  #reported: boolean | undefined;
  #reportedAt = Number.NEGATIVE_INFINITY;
  /** Where pointer or focus was last. */
  #element: Element | null = null;
  /** The card last entered; an answer about another one comes too late. */
  #card: Element | null = null;
  #underMenu: BoardTask | null | Promise<BoardTask | null> = null;
  #menuOpen = false;

  constructor(options: CardTrackerOptions) {
    this.#options = options;
    const { window, signal } = options;
    const { document } = window;
    const listen = <Type extends keyof WindowEventMap>(
      types: readonly Type[],
      listener: (event: WindowEventMap[Type]) => void,
    ) => {
      for (const type of types)
        window.addEventListener(type, listener, { capture: true, passive: true, signal });
    };
    const at = (event: Event) => this.#at(elementOf(event), event.type === 'pointerdown');
    // In a shadow tree, pointer and focus go from one card to the next without an event that says so outside of it.
    listen(['pointermove', 'pointerdown', 'focusin'], at);
    listen(['keyup'], (event) => isInShadow(elementOf(event)) && at(event));
    // Told also where nobody moved, but the board did. Under an open menu the cards may go where they like.
    listen(['pointerover'], (event) => this.#menuOpen || at(event));
    listen(['contextmenu'], (event) => {
      const card = this.#cardOf(elementOf(event));
      this.#underMenu = card && (this.#board?.taskOfElement(card) ?? null);
      this.#menuOpen = true;
    });
    listen(['pointerleave'], ({ target }) => target === document.documentElement && this.#left());
    document.addEventListener('visibilitychange', () => this.#forget(), { signal });
    window.addEventListener('focus', () => this.#forget(), { signal });
  }

  /** From now on, what this board says to be a card is one. */
  follow(board: OpenBoard): void {
    this.#board = board;
  }

  /** The task whose card was under the pointer when the menu opened. */
  async taskUnderMenu(): Promise<BoardTask | null> {
    return this.#underMenu;
  }

  #at(element: Element | null, anew: boolean): void {
    this.#menuOpen = false;
    if (element === this.#element && !anew) return;
    this.#element = element;
    const card = this.#cardOf(element);
    // One that could not be read is asked again: the board may have been drawing it.
    if (card !== null && card === this.#card && this.#reported !== false) return this.#report(true);
    this.#card = card;
    const task = (card && this.#board?.taskOfElement(card)) ?? null;
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
    this.#element = null;
    this.#card = null;
    this.#report(false);
  }

  /** Another tab may have changed the item meanwhile: whatever comes next is reported again. */
  #forget(): void {
    this.#reported = undefined;
    this.#element = null;
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
    return element && (this.#board?.cardOfElement(element) ?? null);
  }
}

function elementOf(event: Event): Element | null {
  const first = event.composedPath()[0];
  return first instanceof Element ? first : null;
}

function isInShadow(element: Element | null): boolean {
  return element?.getRootNode() instanceof ShadowRoot;
}
