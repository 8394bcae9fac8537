import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer';

/** An edit that is not seen by then was missed: the stock server's watcher drops one now and then. */
const UPDATE_DEADLINE_MS = 3_000;
/** Time for everything an edit causes to be over before the next one. */
const QUIET_MS = 400;

export interface EditFigures {
  /** Milliseconds from each write to the DOM. */
  latencies: number[];
  /** Edits that never appeared. */
  missed: number;
}

/** Edits the heading of the sample `runs` times. */
export async function measureEdits(page: Page, directory: string, runs: number): Promise<EditFigures> {
  const file = join(directory, 'src/App.tsx');
  const original = await readFile(file, 'utf8');
  const figures: EditFigures = { latencies: [], missed: 0 };
  try {
    // The first edit also warms up what a person has warm after the first one; it is not counted.
    for (let run = 0; run <= runs; run++) {
      const heading = `Edit ${run}`;
      const content = original.replace(/<h1>.*<\/h1>/, `<h1>${heading}</h1>`);
      const seen = await observeHeading(page, heading);
      const start = performance.now();
      await writeFile(file, content);
      const appeared = await seen();
      if (!appeared) figures.missed += 1;
      else if (run > 0) figures.latencies.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    }
  } finally {
    await writeFile(file, original);
  }
  return figures;
}

/** Starts watching the page. What it returns resolves with whether the heading came to read `text`. */
async function observeHeading(page: Page, text: string): Promise<() => Promise<boolean>> {
  const watched = await page.evaluateHandle(
    (expected, deadline) => {
      const done = new Promise<boolean>((resolve) => {
        const isThere = () => document.querySelector('h1')?.textContent === expected;
        const observer = new MutationObserver(() => isThere() && finish(true));
        const finish = (appeared: boolean) => {
          clearTimeout(timer);
          observer.disconnect();
          resolve(appeared);
        };
        const timer = setTimeout(() => finish(false), deadline);
        observer.observe(document, { subtree: true, childList: true, characterData: true });
        if (isThere()) finish(true);
      });
      return { done };
    },
    text,
    UPDATE_DEADLINE_MS,
  );
  return async () => {
    const appeared = await watched.evaluate(({ done }) => done);
    await watched.dispose();
    return appeared;
  };
}
