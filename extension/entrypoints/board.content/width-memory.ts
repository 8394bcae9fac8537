import { browser } from 'wxt/browser';

/** The panel's width on one board, kept over sessions. */
export class WidthMemory {
  readonly #key: string;

  constructor(boardUrl: string) {
    this.#key = `panel-width:${boardUrl}`;
  }

  async load(): Promise<number | undefined> {
    const stored: Record<string, unknown> = await browser.storage.local.get(this.#key);
    const width = stored[this.#key];
    return typeof width === 'number' && Number.isFinite(width) ? width : undefined;
  }

  /** Undefined forgets it. */
  async save(width: number | undefined): Promise<void> {
    if (width === undefined) await browser.storage.local.remove(this.#key);
    else await browser.storage.local.set({ [this.#key]: width });
  }
}
