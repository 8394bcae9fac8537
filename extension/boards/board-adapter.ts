import type { BoardTask } from '#shared/extension/target.ts';

/** Knows the pages of one kind of board. Runs in the content script: it reads the page and changes nothing. */
export interface BoardAdapter {
  readonly kind: string;
  /** Whether this page is such a board. Looks at the page only: a local app must not get requests it did not ask for. */
  recognise(document: Document, location: Location): boolean;
  /** Begins reading this page. `probe` puts the reader of `board-probe.ts` into the page's own world. */
  open(page: BoardPage): OpenBoard;
}

export interface BoardPage {
  document: Document;
  location: Location;
  /** Aborted when the content script ends. */
  signal: AbortSignal;
  /** Resolves once the reader was asked for; rejects when the browser refused it. */
  probe(): Promise<void>;
}

/** A recognised board's page. */
export interface OpenBoard {
  /** The card around an element, or null when the element is not part of a task's card. */
  cardOfElement(element: Element): Element | null;
  /** The task of a card; null while it cannot be told. */
  taskOfElement(card: Element): BoardTask | null | Promise<BoardTask | null>;
  /** The task whose page is at this location, or null. */
  taskOfLocation(location: Location): BoardTask | null;
  /** What makes room when the panel opens. */
  content(): HTMLElement;
}
