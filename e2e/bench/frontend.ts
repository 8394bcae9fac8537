import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer';
import { createSample, type SampleAttempt } from '../../companion/demo/create-sample.ts';
import { startChromium } from '../browsers/chromium.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { Lifetime } from '../lifetime.ts';
import { makeProject } from '../project.ts';
import { type EditFigures, measureEdits } from './edit-latency.ts';
import { growApp } from './grow-app.ts';
import { measureWeight, type WeightFigures } from './page-weight.ts';
import { comparisonTable } from './statistics.ts';
import { startStockVite } from './stock-vite.ts';
import { Tab } from './tab.ts';

/** Modules of the app, beside those it has by itself. */
const SIZES = [0, 200];

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
    const parts = [await browser.version()];
    parts.push(weightText(await measureWeight(browser, repository, nodeModules)));
    for (const modules of SIZES) {
      await growApp(attempt.worktree, modules);
      parts.push(await measureSize({ browser, attempt, nodeModules, runs, modules, onProgress }));
    }
    return parts.join('\n');
  } finally {
    await lifetime.end();
  }
}

interface Bench {
  browser: Browser;
  attempt: SampleAttempt;
  nodeModules: string;
  runs: number;
  modules: number;
  onProgress(text: string): void;
}

async function measureSize({ browser, attempt, nodeModules, runs, modules, onProgress }: Bench) {
  const name = modules === 0 ? 'small app' : `${modules} modules`;
  const ours = {
    cold: [] as number[],
    warm: [] as number[],
    reopened: [] as number[],
    cached: [] as number[],
  };
  const stock = {
    cold: [] as number[],
    again: [] as number[],
    reopened: [] as number[],
    cached: [] as number[],
  };
  for (let run = 0; run < runs; run++) {
    const opened = await createUntilVisible(browser, attempt);
    for (const key of ['cold', 'warm', 'reopened', 'cached'] as const) ours[key].push(opened[key]);
    const peer = await stockUntilVisible(browser, attempt, nodeModules);
    for (const key of ['cold', 'again', 'reopened', 'cached'] as const) stock[key].push(peer[key]);
    onProgress(`${name}: create → visible ${run + 1}/${runs}`);
  }
  const edits = {
    ours: await editsOfPreview(browser, attempt, runs),
    peer: await editsOfStock(browser, attempt, nodeModules, runs),
  };
  const table = comparisonTable([
    { what: `${name}: create → app visible, nothing cached`, ours: ours.cold, peer: stock.cold },
    { what: `${name}: the same, beside a stock start of compiled code`, ours: ours.cold, peer: stock.again },
    { what: `${name}: create → app visible, dependencies bundled before`, ours: ours.warm, peer: stock.cold },
    {
      what: `${name}: open again what runs, nothing in the browser's cache`,
      ours: ours.reopened,
      peer: stock.reopened,
    },
    { what: `${name}: open again with the browser's cache`, ours: ours.cached, peer: stock.cached },
    { what: `${name}: file write → DOM`, ours: edits.ours.latencies, peer: edits.peer.latencies },
  ]);
  return `${table}\nEdits that never appeared: Vitrine ${edits.ours.missed}, stock vite ${edits.peer.missed}`;
}

function weightText({ open, unwatched, bytesPerEdit }: WeightFigures): string {
  const mb = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(0)} MB`;
  return [
    `Memory of an open environment ${mb(open.ours)}, of stock vite and the backend ${mb(open.stock)}: ${(open.ours / open.stock).toFixed(2)}x`,
    `Nobody watching for a minute: ${mb(unwatched.bytes)}, ${unwatched.cpuMs.toFixed(0)} ms of processor time in ten seconds`,
    `Bytes over WebSockets for a one-line edit: ${bytesPerEdit.ours.toFixed(0)}, stock vite ${bytesPerEdit.stock.toFixed(0)}`,
  ].join('\n');
}

/** On a companion that runs and has never seen the project: the first environment, and the next one after that. */
async function createUntilVisible(browser: Browser, { worktree }: SampleAttempt) {
  const companion = await startCompanion();
  try {
    await previewSomethingElse(browser, companion);
    const open = async (tab: Tab) => {
      const start = performance.now();
      const created = await companion.create({ taskId: 'bench', agentId: 'bench', worktree });
      await tab.open(created.previewUrl);
      return { elapsed: performance.now() - start, id: created.environmentId };
    };
    const openFresh = async () => {
      const tab = await Tab.fresh(browser);
      return { ...(await open(tab)), tab };
    };
    const cold = await openFresh();
    await cold.tab.close();
    await companion.terminate(cold.id);
    const warm = await openFresh();
    await warm.tab.close();
    const reopened = await openFresh();
    await reopened.tab.leave();
    const { elapsed: cached } = await open(reopened.tab);
    await reopened.tab.close();
    await companion.terminate(warm.id);
    return { cold: cold.elapsed, warm: warm.elapsed, reopened: reopened.elapsed, cached };
  } finally {
    await companion.stop();
  }
}

/** What a companion does once in its life, such as making its programs, is not what a person waits for. */
async function previewSomethingElse(browser: Browser, companion: Companion): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'vitrine-bench-page-'));
  try {
    const page = '<!doctype html><div id="root"><h1>Something else</h1></div>';
    const worktree = await makeProject(join(directory, 'page'), { 'index.html': page });
    const created = await companion.create({ taskId: 'else', agentId: 'bench', worktree });
    const tab = await Tab.fresh(browser);
    await tab.open(created.previewUrl);
    await tab.close();
    await companion.terminate(created.environmentId);
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The first start of all, and one that finds what the first had Node compile and nothing else. */
async function stockUntilVisible(browser: Browser, { worktree }: SampleAttempt, nodeModules: string) {
  const compiled = await mkdtemp(join(tmpdir(), 'vitrine-bench-compiled-'));
  try {
    const start = async () => {
      const tab = await Tab.fresh(browser);
      const begun = performance.now();
      const vite = await startStockVite(worktree, nodeModules, compiled);
      try {
        await tab.open(vite.url);
        const elapsed = performance.now() - begun;
        await tab.close();
        return { elapsed, ...(await reopenStock(browser, vite.url)) };
      } finally {
        await vite.stop();
      }
    };
    const first = await start();
    const { elapsed: again, ...reopening } = await start();
    return { cold: first.elapsed, again, ...reopening };
  } finally {
    await rm(compiled, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function reopenStock(browser: Browser, url: string) {
  const tab = await Tab.fresh(browser);
  const open = async () => {
    const begun = performance.now();
    await tab.open(url);
    return performance.now() - begun;
  };
  const reopened = await open();
  await tab.leave();
  const cached = await open();
  await tab.close();
  return { reopened, cached };
}

async function editsOfPreview(
  browser: Browser,
  { worktree }: SampleAttempt,
  runs: number,
): Promise<EditFigures> {
  const companion = await startCompanion();
  try {
    const { previewUrl } = await companion.create({ taskId: 'bench', agentId: 'bench', worktree });
    return await editsAt(browser, previewUrl, worktree, runs);
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
    return await editsAt(browser, vite.url, worktree, runs);
  } finally {
    await vite.stop();
  }
}

async function editsAt(browser: Browser, url: string, worktree: string, runs: number): Promise<EditFigures> {
  const tab = await Tab.fresh(browser);
  await tab.open(url);
  const figures = await measureEdits(tab.page, worktree, runs);
  await tab.close();
  return figures;
}
