import type { OpenBoard } from '../../boards/board-adapter.ts';
import { setStyle } from './panel-view.ts';
import { hasRoomBeside } from './panel-width.ts';

/** Makes the board as much narrower as the panel is wide, and puts back what was there. */
export class BoardMargin {
  readonly #board: OpenBoard;
  #moved: { element: HTMLElement; before: string; priority: string } | undefined;

  constructor(board: OpenBoard) {
    this.#board = board;
  }

  set(width: number, windowWidth: number): void {
    const element = this.#board.content();
    if (this.#moved?.element !== element) this.clear();
    if (!hasRoomBeside(windowWidth)) return this.clear();
    const { style } = element;
    this.#moved ??= {
      element,
      before: style.getPropertyValue('margin-right'),
      priority: style.getPropertyPriority('margin-right'),
    };
    setStyle(element, { 'margin-right': `${width}px` });
  }

  clear(): void {
    if (!this.#moved) return;
    const { element, before, priority } = this.#moved;
    this.#moved = undefined;
    if (before === '') element.style.removeProperty('margin-right');
    else element.style.setProperty('margin-right', before, priority);
  }
}
