import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer';

const UPDATE_DEADLINE_MS = 15_000;
/** Time for everything an edit causes to be over before the next one. */
const QUIET_MS = 400;

/** Edits the heading of the sample `runs` times and returns the milliseconds from each write to the DOM. */
export async function measureEdits(page: Page, directory: string, runs: number): Promise<number[]> {
  const file = join(directory, 'src/App.tsx');
  const original = await readFile(file, 'utf8');
  const latencies: number[] = [];
  try {
    // The first edit also warms up what a person has warm after the first one; it is not counted.
    for (let run = 0; run <= runs; run++) {
      const heading = `Edit ${run}`;
      const content = original.replace(/<h1>.*<\/h1>/, `<h1>${heading}</h1>`);
      const seen = await observeHeading(page, heading);
      const start = performance.now();
      await writeFile(file, content);
      await seen();
      if (run > 0) latencies.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    }
  } finally {
    await writeFile(file, original);
  }
  return latencies;
}

/** Starts watching the page, and returns what to await for the heading to read `text`. */
async function observeHeading(page: Page, text: string): Promise<() => Promise<unknown>> {
  const watched = await page.evaluateHandle(
    (expected, deadline) => {
      const done = new Promise<void>((resolve, reject) => {
        const isThere = () => document.querySelector('h1')?.textContent === expected;
        const observer = new MutationObserver(() => isThere() && finish());
        const timer = setTimeout(() => reject(new Error(`"${expected}" did not appear`)), deadline);
        const finish = () => {
          clearTimeout(timer);
          observer.disconnect();
          resolve();
        };
        observer.observe(document, { subtree: true, childList: true, characterData: true });
        if (isThere()) finish();
      });
      done.catch(() => {});
      return { done };
    },
    text,
    UPDATE_DEADLINE_MS,
  );
  return async () => {
    await watched.evaluate(({ done }) => done);
    await watched.dispose();
  };
}
