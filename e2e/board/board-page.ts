import type { Frame, Page } from 'puppeteer';
import { CHROME_EXTENSION_ID } from '#shared/extension/identity.ts';
import type { Desktop } from '../desktop.ts';
import { waitUntil } from '../wait-until.ts';

const CARD_DEADLINE_MS = 30_000;
const PANEL_DEADLINE_MS = 30_000;
/** A native menu opens without telling anybody. */
const MENU_MS = 600;
const PANEL_URL = `chrome-extension://${CHROME_EXTENSION_ID}/panel.html`;
/** In Chromium's menu of a page, an extension's item is followed by "View page source" and "Inspect". */
const ITEMS_BELOW_OURS = 2;

/** The board in Chromium, used with a real mouse and real keys. */
export class BoardPage {
  readonly page: Page;
  readonly #desktop: Desktop;

  constructor(page: Page, desktop: Desktop) {
    this.page = page;
    this.#desktop = desktop;
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url, { waitUntil: 'domcontentloaded' });
  }

  /** Right-clicks the card and chooses "Preview this task" in the browser's own menu. */
  async previewCard(title: string): Promise<void> {
    const { x, y } = await this.#placeOnScreen(title);
    // The pointer has to reach the card first: the extension shows its menu item from then on.
    await this.#desktop.move(x, y);
    await new Promise((resolve) => setTimeout(resolve, MENU_MS));
    await this.#desktop.click(x, y, 'right');
    await new Promise((resolve) => setTimeout(resolve, MENU_MS));
    await this.#desktop.press(...Array<string>(ITEMS_BELOW_OURS + 1).fill('Up'), 'Return');
  }

  /** The panel beside the board. */
  async panel(): Promise<Frame> {
    return waitUntil(() => this.page.frames().find((frame) => frame.url().startsWith(PANEL_URL)), {
      what: 'the panel beside the board',
      deadlineMs: PANEL_DEADLINE_MS,
    });
  }

  /** The frame of an environment's app in the panel. */
  async app(origin: string): Promise<Frame> {
    return waitUntil(() => this.page.frames().find((frame) => frame.url().startsWith(`${origin}/`)), {
      what: `the app of ${origin} in the panel; there are ${this.page.frames().map((frame) => frame.url())}`,
      deadlineMs: PANEL_DEADLINE_MS,
    });
  }

  async #placeOnScreen(title: string): Promise<{ x: number; y: number }> {
    const heading = await this.page.waitForSelector(`::-p-xpath(//h4[contains(., "${title}")])`, {
      timeout: CARD_DEADLINE_MS,
    });
    if (!heading) throw new Error(`The board shows no card "${title}"`);
    return heading.evaluate((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      // The browser's own bars are above the page.
      return {
        x: screenX + x + Math.min(width / 2, 60),
        y: screenY + outerHeight - innerHeight + y + height / 2,
      };
    });
  }
}
