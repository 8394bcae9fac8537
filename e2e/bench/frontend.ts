import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer';
import { createSample, type SampleAttempt } from '../../companion/demo/create-sample.ts';
import { startChromium } from '../browsers/chromium.ts';
import { startCompanion } from '../companion.ts';
import { Lifetime } from '../lifetime.ts';
import { type EditFigures, measureEdits } from './edit-latency.ts';
import { openFresh } from './first-content.ts';
import { comparisonTable } from './statistics.ts';
import { startStockVite } from './stock-vite.ts';

/** Figures of what a person waits for, beside the stock Vite dev server on the same app, turn by turn in the same run. */
export async function measureFrontend(runs: number, onProgress: (text: string) => void): Promise<string> {
  const lifetime = new Lifetime();
  try {
    const directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-bench-')), (path) =>
      rm(path, { recursive: true, force: true, maxRetries: 5 }),
    );
    const { repository, attempts } = await createSample({ repository: join(directory, 'guestbook') });
    const [attempt] = attempts;
    if (!attempt) throw new Error('The sample has no attempt');
    const { browser } = lifetime.own(await startChromium(), (chromium) => chromium.stop());
    const nodeModules = join(repository, 'node_modules');

    const cold = { ours: [] as number[], peer: [] as number[] };
    const warm: number[] = [];
    for (let run = 0; run < runs; run++) {
      const ours = await createUntilVisible(browser, attempt);
      cold.ours.push(ours.cold);
      warm.push(ours.warm);
      cold.peer.push(await stockUntilVisible(browser, attempt, nodeModules));
      onProgress(`create → visible ${run + 1}/${runs}`);
    }
    const edits = {
      ours: await editsOfPreview(browser, attempt, runs),
      peer: await editsOfStock(browser, attempt, nodeModules, runs),
    };
    const table = comparisonTable([
      { what: 'create → app visible, nothing cached', ours: cold.ours, peer: cold.peer },
      { what: 'create → app visible, dependencies bundled before', ours: warm, peer: cold.peer },
      { what: 'file write → DOM', ours: edits.ours.latencies, peer: edits.peer.latencies },
    ]);
    return `${await browser.version()}\n${table}\nEdits that never appeared: Vitrine ${edits.ours.missed}, stock vite ${edits.peer.missed}`;
  } finally {
    await lifetime.end();
  }
}

/** On a companion that has never seen the project: the first environment, and the next one after that. */
async function createUntilVisible(browser: Browser, { worktree }: SampleAttempt) {
  const companion = await startCompanion();
  try {
    const once = async () => {
      const start = performance.now();
      const { environmentId, previewUrl } = await companion.create({
        taskId: 'bench',
        agentId: 'bench',
        worktree,
      });
      const opened = await openFresh(browser, previewUrl);
      const elapsed = performance.now() - start;
      await opened.close();
      await companion.terminate(environmentId);
      return elapsed;
    };
    return { cold: await once(), warm: await once() };
  } finally {
    await companion.stop();
  }
}

async function stockUntilVisible(browser: Browser, { worktree }: SampleAttempt, nodeModules: string) {
  const start = performance.now();
  const vite = await startStockVite(worktree, nodeModules);
  try {
    const opened = await openFresh(browser, vite.url);
    const elapsed = performance.now() - start;
    await opened.close();
    return elapsed;
  } finally {
    await vite.stop();
  }
}

async function editsOfPreview(
  browser: Browser,
  { worktree }: SampleAttempt,
  runs: number,
): Promise<EditFigures> {
  const companion = await startCompanion();
  try {
    const { previewUrl } = await companion.create({ taskId: 'bench', agentId: 'bench', worktree });
    const opened = await openFresh(browser, previewUrl);
    const latencies = await measureEdits(opened.page, worktree, runs);
    await opened.close();
    return latencies;
  } finally {
    await companion.stop();
  }
}

async function editsOfStock(
  browser: Browser,
  { worktree }: SampleAttempt,
  nodeModules: string,
  runs: number,
): Promise<EditFigures> {
  const vite = await startStockVite(worktree, nodeModules);
  try {
    const opened = await openFresh(browser, vite.url);
    const latencies = await measureEdits(opened.page, worktree, runs);
    await opened.close();
    return latencies;
  } finally {
    await vite.stop();
  }
}
