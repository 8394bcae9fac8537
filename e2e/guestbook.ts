import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Page } from 'puppeteer';

const APP_DEADLINE_MS = 30_000;

/** The sample's app in a tab or a frame, as a person uses it. */
export class Guestbook {
  readonly #view: Page | Frame;

  constructor(view: Page | Frame) {
    this.#view = view;
  }

  /** Waits until the app shows this heading. */
  async showsHeading(text: string): Promise<void> {
    await this.#until((expected) => document.querySelector('h1')?.textContent === expected, text);
  }

  /** Waits until the seeded notes have come from the backend. */
  async showsNotes(count: number): Promise<void> {
    await this.#until((expected) => document.querySelectorAll('.note').length === expected, count);
  }

  async showsNote(text: string): Promise<void> {
    await this.#until((expected) => document.body.textContent?.includes(expected), text);
  }

  async noteTexts(): Promise<string[]> {
    return this.#view.$$eval('.note > p', (notes) => notes.map((note) => note.textContent ?? ''));
  }

  /** Types into the form without sending it: state of React that a hot update has to keep. */
  async draft(author: string, text: string): Promise<void> {
    await this.#view.type('input[name=author]', author);
    await this.#view.type('textarea[name=text]', text);
  }

  async drafted(): Promise<string> {
    return this.#view.$eval('textarea[name=text]', (field) => (field as HTMLTextAreaElement).value);
  }

  async send(): Promise<void> {
    await this.#view.click('form button[type=submit]');
  }

  /** Puts a mark on the document that a reload would take away. */
  async mark(): Promise<void> {
    await this.#view.evaluate(() => document.documentElement.setAttribute('data-mark', 'kept'));
  }

  async isMarked(): Promise<boolean> {
    return this.#view.evaluate(() => document.documentElement.getAttribute('data-mark') === 'kept');
  }

  async #until<T>(predicate: (argument: T) => unknown, argument: T): Promise<void> {
    try {
      await this.#view.waitForFunction(
        // The cast only tells puppeteer's types that the function takes this one argument.
        predicate as (argument: unknown) => unknown,
        { timeout: APP_DEADLINE_MS },
        argument,
      );
    } catch (cause) {
      const shown = await this.#view.evaluate(() => document.documentElement.outerHTML).catch(String);
      throw new Error(
        `Waited for ${JSON.stringify(argument)}; ${this.#view.url()} shows ${shown.slice(0, 2_000)}`,
        { cause },
      );
    }
  }
}

/** Rewrites the heading in the worktree, as an agent would. */
export async function editHeading(worktree: string, heading: string): Promise<void> {
  const file = join(worktree, 'src/App.tsx');
  const content = await readFile(file, 'utf8');
  await writeFile(file, content.replace(/<h1>.*<\/h1>/, `<h1>${heading}</h1>`));
}
