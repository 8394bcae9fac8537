import type { OpenBoard } from '../../boards/board-adapter.ts';
import { setStyle } from './panel-view.ts';
import { hasRoomBeside } from './panel-width.ts';

/** What may be set on the board; the margin alone, unless it moves nothing because the board says how wide it is. */
const PROPERTIES = ['margin-right', 'box-sizing', 'max-width'];

interface Moved {
  element: HTMLElement;
  /** Of the board, without the panel. */
  naturalWidth: number;
  windowWidth: number;
  before: { name: string; value: string; priority: string }[];
  /** As set here, by property. */
  set: Record<string, string>;
}

/** Makes the board as much narrower as the panel is wide, also when it is drawn anew, and puts back what was there. */
export class BoardMargin {
  readonly #board: OpenBoard;
  readonly #observer = new MutationObserver(() => this.#lookAgain());
  #moved: Moved | undefined;
  #width = 0;
  #looking = false;

  constructor(board: OpenBoard) {
    this.#board = board;
  }

  set(width: number, windowWidth: number): void {
    this.#width = width;
    const element = this.#board.content();
    if (this.#moved?.element !== element || this.#moved.windowWidth !== windowWidth) this.clear();
    if (!hasRoomBeside(windowWidth)) return;
    this.#moved ??= this.#begin(element, windowWidth);
    this.#moved.set = this.#stylesFor(this.#moved);
    setStyle(element, this.#moved.set);
  }

  /** Takes away what a script has set that was ended without a word. */
  forget(): void {
    for (const name of PROPERTIES) this.#board.content().style.removeProperty(name);
  }

  clear(): void {
    this.#observer.disconnect();
    if (!this.#moved) return;
    const { before, set } = this.#moved;
    const { style } = this.#moved.element;
    this.#moved = undefined;
    for (const { name, value, priority } of before) {
      // What the board has written itself since is its own.
      if (style.getPropertyValue(name) === set[name]) style.setProperty(name, value, priority);
    }
  }

  #begin(element: HTMLElement, windowWidth: number): Moved {
    const { style, parentElement, ownerDocument } = element;
    this.#observer.observe(element, { attributeFilter: ['style'] });
    for (const parent of [parentElement, ownerDocument.body])
      if (parent) this.#observer.observe(parent, { childList: true });
    const before = PROPERTIES.map((name) => ({
      name,
      value: style.getPropertyValue(name),
      priority: style.getPropertyPriority(name),
    }));
    return { element, naturalWidth: element.offsetWidth, windowWidth, before, set: {} };
  }

  #stylesFor({ element, naturalWidth, windowWidth, set }: Moved): Record<string, string> {
    const margin = { 'margin-right': `${this.#width}px` };
    const isStiff = 'max-width' in set;
    if (!isStiff) setStyle(element, margin);
    // A board wider than the window is one that scrolls sideways, and goes on doing so.
    if (!isStiff && (element.offsetWidth < naturalWidth || naturalWidth > windowWidth)) return margin;
    const left = Math.max(0, element.offsetLeft);
    const room = element.ownerDocument.documentElement.clientWidth - left - this.#width;
    return { ...margin, 'box-sizing': 'border-box', 'max-width': `${room}px` };
  }

  /** At most once for each picture: a board that insists on its own styles is not fought without end. */
  #lookAgain(): void {
    if (this.#looking) return;
    this.#looking = true;
    requestAnimationFrame(() => {
      this.#looking = false;
      if (!this.#moved) return;
      const { element, set, windowWidth } = this.#moved;
      const isThere = Object.entries(set).every(
        ([name, value]) => element.style.getPropertyValue(name) === value,
      );
      if (isThere && element === this.#board.content()) return;
      this.clear();
      this.set(this.#width, windowWidth);
    });
  }
}
