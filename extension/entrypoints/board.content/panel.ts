import { browser } from 'wxt/browser';
import type { Target } from '#shared/extension/target.ts';
import type { OpenBoard } from '../../boards/board-adapter.ts';
import { sendMessage } from '../../messaging/messenger.ts';
import { BoardMargin } from './board-margin.ts';
import { onDrag } from './drag.ts';
import type { KeyGuard } from './key-guard.ts';
import { createPanelView, PANEL_ELEMENT, type PanelView, setStyle } from './panel-view.ts';
import { fitWidth, widthForKey, widthLimits } from './panel-width.ts';
import { tell } from './tell.ts';
import { WidthMemory } from './width-memory.ts';

interface BoardPanelOptions {
  board: OpenBoard;
  boardUrl: string;
  keys: KeyGuard;
  signal: AbortSignal;
}

interface OpenPanel {
  view: PanelView;
  width: number;
  /** Ends this panel's listeners. */
  closing: AbortController;
}

/** The workbench beside the board: one extension page in a frame, at the right, as wide as the person likes. */
export class BoardPanel {
  readonly #options: BoardPanelOptions;
  readonly #widths: WidthMemory;
  readonly #margin: BoardMargin;
  #open: OpenPanel | undefined;

  constructor(options: BoardPanelOptions) {
    this.#options = options;
    this.#widths = new WidthMemory(options.boardUrl);
    this.#margin = new BoardMargin(options.board);
    options.signal.addEventListener('abort', () => this.#remove());
    // Firefox ends the scripts of an extension that it updates without a word, and their panel stays.
    const left = document.querySelector(PANEL_ELEMENT);
    if (!left) return;
    left.remove();
    this.#margin.forget();
  }

  /** Shows the target: in the panel that is open, which hears of it from the background, or in a new one. */
  async open(target: Target): Promise<void> {
    const nonce = await sendMessage('panel:open', { target });
    if (!this.#open) await this.#show(nonce);
  }

  /** Shows the panel again that was open before the board was loaded anew. */
  async recall(): Promise<void> {
    const nonce = await sendMessage('panel:recall');
    if (nonce !== null && !this.#open) await this.#show(nonce);
  }

  /** Closed by the person: it stays closed when the board is loaded again. */
  close(): void {
    if (!this.#open) return;
    this.#remove();
    tell('panel:closed', undefined);
  }

  async #show(nonce: string): Promise<void> {
    const wanted = await this.#widths.load();
    if (this.#options.signal.aborted || this.#open) return;
    const view = createPanelView(document, `${browser.runtime.getURL('/panel.html')}#${nonce}`);
    const closing = new AbortController();
    this.#open = { view, width: fitWidth(wanted, window.innerWidth), closing };
    this.#listen(this.#open, wanted);
    document.documentElement.append(view.host);
    this.#layOut();
  }

  #listen(open: OpenPanel, remembered: number | undefined): void {
    const { view, closing } = open;
    const { signal } = closing;
    let wanted = remembered;
    const setWidth = (width: number) => {
      open.width = fitWidth(width, window.innerWidth);
      wanted = open.width;
      this.#layOut();
    };
    const remember = () => void this.#widths.save(wanted);

    let widthAtStart = 0;
    onDrag(
      view.separator,
      {
        // Before the button goes down: a frame in its own process takes the pointer until it is told otherwise, and
        // the first moves of a quick drag would go to it.
        onReady: () => view.setFrameOpen(false),
        onStart: () => {
          widthAtStart = open.width;
          view.setDragging(true);
        },
        onMove: (distance) => setWidth(widthAtStart - distance),
        onEnd: () => {
          view.setDragging(false);
          remember();
        },
        onIdle: () => view.setFrameOpen(true),
      },
      signal,
    );
    view.separator.addEventListener(
      'dblclick',
      () => {
        wanted = undefined;
        open.width = fitWidth(undefined, window.innerWidth);
        this.#layOut();
        remember();
      },
      { signal },
    );
    this.#options.keys.own(view.host, (event) => {
      if (event.key === 'Escape') return this.close();
      const width = widthForKey(event, open.width, window.innerWidth);
      if (width === undefined) return;
      event.preventDefault();
      setWidth(width);
      remember();
    });
    window.addEventListener(
      'resize',
      () => {
        open.width = fitWidth(wanted, window.innerWidth);
        this.#layOut();
      },
      { signal },
    );
    this.#comeBackWhenRemoved(open);
  }

  /** A board that draws the whole document anew takes the panel with it; the frame starts afresh then. */
  #comeBackWhenRemoved(open: OpenPanel): void {
    const observer = new MutationObserver(() => {
      if (open.view.host.isConnected || this.#open !== open) return;
      this.#remove();
      void this.recall();
    });
    observer.observe(document.documentElement, { childList: true });
    open.closing.signal.addEventListener('abort', () => observer.disconnect());
  }

  #layOut(): void {
    if (!this.#open) return;
    const { view, width } = this.#open;
    const { min, max } = widthLimits(window.innerWidth);
    setStyle(view.host, { width: `${width}px` });
    view.separator.ariaValueMin = String(min);
    view.separator.ariaValueMax = String(max);
    view.separator.ariaValueNow = String(width);
    this.#margin.set(width, window.innerWidth);
  }

  #remove(): void {
    if (!this.#open) return;
    const { view, closing } = this.#open;
    this.#open = undefined;
    this.#options.keys.release();
    closing.abort();
    view.host.remove();
    this.#margin.clear();
  }
}
