import type { Browser, BrowserContext, Page } from 'puppeteer';

const CONTENT_DEADLINE_MS = 60_000;

/** A browser's profile in which an app is opened in a tab, as a person opens it: the tab is made for its address. */
export class Tab {
  readonly #context: BrowserContext;
  #page: Page | undefined;
  #navigation: Promise<unknown> = Promise.resolve();

  private constructor(context: BrowserContext) {
    this.#context = context;
  }

  /** In a profile with nothing cached, which is there before a clock runs. */
  static async fresh(browser: Browser): Promise<Tab> {
    return new Tab(await browser.createBrowserContext());
  }

  get page(): Page {
    if (!this.#page) throw new Error('Expected something to be open');
    return this.#page;
  }

  /** Resolves when the app's heading is in the DOM. */
  async open(url: string): Promise<void> {
    this.#page = await this.#context.newPage();
    this.#page.setDefaultTimeout(CONTENT_DEADLINE_MS);
    // Not awaited: what counts is the DOM, not the load event.
    this.#navigation = this.#page.goto(url).catch(() => null);
    // Vitrine's own page while a preview starts has a heading too.
    await this.#page.waitForSelector('#root h1');
  }

  /** Closes what is open; what the browser keeps of it stays for the next opening. */
  async leave(): Promise<void> {
    await this.#navigation;
    await this.#page?.close();
  }

  async close(): Promise<void> {
    await this.#navigation;
    await this.#context.close();
  }
}
