import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Browser } from 'puppeteer';
import { differingPixels } from '../browsers/pictures.ts';
import type { Companion } from '../companion.ts';
import type { CorpusApp } from './app.ts';
import { copyOf, installedApp } from './installed-app.ts';
import { type Observation, observe } from './observe.ts';
import { startStockServer } from './stock-server.ts';
import type { Row } from './table.ts';

/** Two pictures of one page of the same server, taken one after the other, differ by this in a pixel or two. */
const NOISE = 1;

/** Shows an app both ways, one after the other, in directories of the same name. */
export async function compareApp(
  browser: Browser,
  companion: Companion,
  app: CorpusApp,
  keep?: string,
): Promise<Row> {
  const row: Row = { name: app.name, isEqual: false, pixels: [], edits: [], remarks: [] };
  const directories: string[] = [];
  try {
    const installed = await installedApp(app);
    const [forStock, forUs] = [await copyOf(installed, app.name), await copyOf(installed, app.name)];
    directories.push(forStock, forUs);
    const stock = await named('own server', observeStock(browser, app, forStock));
    const ours = await named('preview', observePreview(browser, companion, app, forUs));
    await compare(browser, row, stock, ours);
    if (keep !== undefined) await keepPictures(keep, app.name, stock, ours);
  } catch (error) {
    row.remarks.push(String((error as Error).message ?? error).slice(0, 400));
  } finally {
    for (const directory of directories)
      await rm(dirname(directory), { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
  }
  return row;
}

/** Says in whose page something went wrong. */
async function named<T>(who: string, observing: Promise<T>): Promise<T> {
  try {
    return await observing;
  } catch (cause) {
    throw new Error(`${who}: ${(cause as Error).message}`, { cause });
  }
}

async function observeStock(browser: Browser, app: CorpusApp, directory: string): Promise<Observation> {
  const server = await startStockServer(app, directory);
  try {
    return await observe(browser, app, directory, server.url);
  } finally {
    await server.stop();
  }
}

async function observePreview(
  browser: Browser,
  companion: Companion,
  app: CorpusApp,
  directory: string,
): Promise<Observation> {
  const { environmentId, previewUrl } = await companion.create({
    taskId: app.name,
    agentId: 'corpus',
    worktree: directory,
  });
  const url = new URL(previewUrl);
  const { pathname, searchParams } = new URL(app.path ?? '/', url);
  url.pathname = pathname;
  // Beside the ticket.
  for (const [name, value] of searchParams) url.searchParams.set(name, value);
  try {
    return await observe(browser, app, directory, url.href);
  } finally {
    await companion.terminate(environmentId);
  }
}

async function compare(browser: Browser, row: Row, stock: Observation, ours: Observation): Promise<void> {
  row.open = { stock: stock.openMs, ours: ours.openMs };
  row.pixels.push(await differingPixels(browser, stock.first, ours.first, NOISE));
  for (const error of ours.errors)
    if (!stock.errors.includes(error)) row.remarks.push(`error: ${error.slice(0, 200)}`);
  for (const [index, expected] of stock.edits.entries()) {
    const got = ours.edits[index];
    if (!got) continue;
    row.pixels.push(await differingPixels(browser, expected.picture, got.picture, NOISE));
    const isSame =
      expected.shown === got.shown && expected.reloaded === got.reloaded && expected.state === got.state;
    row.edits.push({
      what: expected.what,
      isSame,
      behaviour: got.reloaded ? 'reload' : got.state === null ? 'in place' : 'state kept or rebuilt in place',
      stockMs: expected.shownMs,
      oursMs: got.shownMs,
    });
    if (!expected.shown && !got.shown) row.remarks.push(`${expected.what}: neither showed it in time`);
    if (!isSame) {
      const told = ({ shown, reloaded, state }: typeof got) =>
        `shown ${shown}, reloaded ${reloaded}, state ${state}`;
      row.remarks.push(`${expected.what}: stock ${told(expected)}; preview ${told(got)}`);
    }
  }
  if (row.pixels.some((count) => count !== 0)) row.remarks.push(`pixels differ: ${row.pixels.join(', ')}`);
  row.isEqual = row.remarks.length === 0;
}

async function keepPictures(
  keep: string,
  name: string,
  stock: Observation,
  ours: Observation,
): Promise<void> {
  await mkdir(keep, { recursive: true });
  for (const [who, observation] of Object.entries({ stock, ours })) {
    const pictures = [observation.first, ...observation.edits.map(({ picture }) => picture)];
    for (const [index, picture] of pictures.entries())
      await writeFile(join(keep, `${name}-${index}-${who}.png`), Buffer.from(picture, 'base64'));
  }
}
