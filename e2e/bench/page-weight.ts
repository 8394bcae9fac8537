import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'puppeteer';
import { createSample, type SampleAttempt } from '../../companion/demo/create-sample.ts';
import { memoryOf } from '../../companion/runtimes/process/pod-processes.ts';
import {
  descendants,
  listProcesses,
  type ProcessRow,
} from '../../companion/runtimes/process/process-table.ts';
import { type Child, startChild } from '../child.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { Lifetime } from '../lifetime.ts';
import { measureEdits } from './edit-latency.ts';
import { startStockVite } from './stock-vite.ts';
import { Tab } from './tab.ts';

/** An environment that nobody has looked at for this long is to use nothing. */
const UNWATCHED_MS = 75_000;
const CPU_WINDOW_MS = 10_000;
/** Time for what a start leaves to do to be over. */
const SETTLE_MS = 3_000;

export interface WeightFigures {
  /** Bytes of memory (PSS) of all processes of an open environment, and of stock Vite with the same backend. */
  open: { ours: number; stock: number };
  /** The same of an environment that nobody watches, and the processor time it takes in ten seconds. */
  unwatched: { bytes: number; cpuMs: number };
  /** Bytes received over WebSockets for each one-line edit. */
  bytesPerEdit: { ours: number; stock: number };
}

/** What an environment costs while it is open and while it is not, beside stock Vite on the same app. */
export async function measureWeight(
  browser: Browser,
  repository: string,
  nodeModules: string,
): Promise<WeightFigures> {
  const lifetime = new Lifetime();
  try {
    const { attempts } = await createSample({ repository });
    const [attempt] = attempts;
    if (!attempt) throw new Error('The sample has no attempt');
    const companion = lifetime.own(await startCompanion(), (started) => started.stop());
    const { previewUrl } = await companion.create({
      taskId: 'w',
      agentId: 'bench',
      worktree: attempt.worktree,
    });
    const ours = await watch(browser, previewUrl, attempt, async () => podsOf(companion));
    await delay(UNWATCHED_MS);
    const unwatched = await restingUse(companion);
    const stock = await stockWeight(browser, attempt, nodeModules);
    return {
      open: { ours: ours.memory, stock: stock.memory },
      unwatched,
      bytesPerEdit: { ours: ours.bytesPerEdit, stock: stock.bytesPerEdit },
    };
  } finally {
    await lifetime.end();
  }
}

/** Opens the app, edits it, and looks at the memory while it is open. */
async function watch(
  browser: Browser,
  url: string,
  { worktree }: SampleAttempt,
  processes: () => Promise<ProcessRow[]>,
) {
  const tab = await Tab.fresh(browser);
  try {
    await tab.open(url);
    const session = await tab.page.createCDPSession();
    let bytes = 0;
    await session.send('Network.enable');
    session.on('Network.webSocketFrameReceived', ({ response }) => {
      bytes += Buffer.byteLength(response.payloadData);
    });
    const edits = 5;
    await measureEdits(tab.page, worktree, edits);
    await delay(SETTLE_MS);
    // One edit more is made to warm up, and one puts the file back.
    return { memory: await memoryOf(await processes()), bytesPerEdit: bytes / (edits + 2) };
  } finally {
    await tab.close();
  }
}

async function stockWeight(browser: Browser, attempt: SampleAttempt, nodeModules: string) {
  const lifetime = new Lifetime();
  try {
    const vite = lifetime.own(await startStockVite(attempt.worktree, nodeModules), (each) => each.stop());
    const backend: Child = lifetime.own(
      await startChild(process.execPath, ['--disable-warning=ExperimentalWarning', 'server/main.js'], {
        cwd: attempt.worktree,
        env: { PATH: process.env.PATH, PORT: '0', DATABASE_URL: ':memory:' },
      }),
      (child) => child.stop(),
    );
    return await watch(browser, vite.url, attempt, async () => {
      const table = await listProcesses(true);
      return [vite.pid, backend.pid].flatMap((pid) => descendants(table, pid));
    });
  } finally {
    await lifetime.end();
  }
}

/** What the companion started: with one environment, that environment's processes. */
async function podsOf({ pid }: Companion): Promise<ProcessRow[]> {
  return descendants(await listProcesses(true), pid).filter((row) => row.pid !== pid);
}

async function restingUse(companion: Companion) {
  const cpu = async () => (await podsOf(companion)).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  const before = await cpu();
  await delay(CPU_WINDOW_MS);
  return { bytes: await memoryOf(await podsOf(companion)), cpuMs: (await cpu()) - before };
}
