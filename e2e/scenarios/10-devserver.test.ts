import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chromium, startChromium } from '../browsers/chromium.ts';
import { type Companion, startCompanion } from '../companion.ts';
import type { CorpusApp } from '../corpus/app.ts';
import { astro, next } from '../corpus/apps/servers.ts';
import { copyOf, installedApp } from '../corpus/installed-app.ts';
import { Lifetime } from '../lifetime.ts';

/** The first compilation of a page, on a loaded machine. */
const PAGE_DEADLINE_MS = 120_000;

const lifetime = new Lifetime();
let companion: Companion;
let chromium: Chromium;

beforeAll(async () => {
  companion = lifetime.own(await startCompanion(), (started) => started.stop());
  chromium = lifetime.own(await startChromium(), (started) => started.stop());
});
afterAll(() => lifetime.end());

interface Opened {
  page: Page;
  worktree: string;
  id: string;
  errors: string[];
}

async function open(app: CorpusApp): Promise<Opened> {
  const worktree = lifetime.own(await copyOf(await installedApp(app), app.name), (path) =>
    rm(dirname(path), { recursive: true, force: true, maxRetries: 5 }),
  );
  const { environmentId, previewUrl } = await companion.create({
    taskId: app.name,
    agentId: 'test',
    worktree,
  });
  const page = await chromium.browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    const from = message.location().url ?? '';
    // The projects have no icon, in their own dev servers neither.
    if (message.type() === 'error' && !from.endsWith('/favicon.ico'))
      errors.push(`${message.text()} ${from}`);
  });
  await page.goto(previewUrl);
  await page.waitForSelector(app.ready, { timeout: PAGE_DEADLINE_MS });
  return { page, worktree, id: environmentId, errors };
}

async function edit(worktree: string, file: string, from: string, to: string): Promise<void> {
  const path = join(worktree, file);
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

const textOf = (page: Page, selector: string) => page.$eval(selector, (found) => found.textContent ?? '');
/** By what a page says to the companion when it is loaded. */
async function frameIdAfterReload(page: Page): Promise<string> {
  const session = await page.createCDPSession();
  await session.send('Network.enable');
  const said = new Promise<string>((resolve) => {
    session.on('Network.webSocketFrameSent', ({ response }) => {
      const { type, frameId } = JSON.parse(response.payloadData) as { type?: string; frameId?: string };
      if (type === 'hello' && frameId) resolve(frameId);
    });
  });
  await page.reload();
  const frameId = await said;
  await session.detach();
  return frameId;
}
const consoleOf = async (id: string): Promise<string> => {
  const ended = AbortSignal.timeout(1_000);
  const response = await companion.fetch(`/api/environments/${id}/console`);
  let text = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  ended.addEventListener('abort', () => void reader?.cancel());
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) text += part.value;
  return text;
};

test('a Next app runs as it does by itself: rendered on its server, hot, with routes, server actions and API', {
  timeout: 400_000,
}, async () => {
  const { page, worktree, id, errors } = await open(next);
  expect(await textOf(page, 'h1')).toBe('Rendered on the server');
  const { provider, providerReason } = await companion.environment(id);
  expect({ provider, providerReason }).toEqual({
    provider: 'devserver',
    providerReason: 'next renders on a server of its own',
  });

  await expect
    .poll(
      async () => {
        await page.click('#count');
        return textOf(page, '#count');
      },
      { timeout: 30_000 },
    )
    .toMatch(/Count is [1-9]/);
  const before = /\d+/.exec(await textOf(page, '#count'))?.[0];
  await edit(worktree, 'app/counter.jsx', 'Count is', 'Clicks:');
  await expect.poll(() => textOf(page, '#count'), { timeout: 60_000 }).toBe(`Clicks: ${before}`);
  expect(await consoleOf(id)).toContain('clicked 1');

  await page.click('#about');
  await expect.poll(() => textOf(page, 'h1'), { timeout: 60_000 }).toBe('About this');
  await page.goBack();
  await page.waitForSelector('#send', { timeout: 60_000 });
  await page.click('#send');
  await expect.poll(() => page.url(), { timeout: 60_000 }).toContain('/about?name=Ann');
  expect(await page.evaluate(async () => (await fetch('/api/time')).json())).toEqual({ ok: true });
  expect(errors).toEqual([]);
});

test('a Next app in a worktree without packages runs with the main checkout’s, and leaves the worktree as it was', {
  timeout: 400_000,
}, async () => {
  const main = lifetime.own(await copyOf(await installedApp(next), next.name), (path) =>
    rm(dirname(path), { recursive: true, force: true, maxRetries: 5 }),
  );
  const worktree = join(dirname(main), 'attempt');
  await promisify(execFile)('git', ['worktree', 'add', '-q', worktree], { cwd: main });
  const { environmentId, previewUrl } = await companion.create({
    taskId: 'shared',
    agentId: 'test',
    worktree,
  });
  const page = await chromium.browser.newPage();
  await page.goto(previewUrl);
  await page.waitForSelector(next.ready, { timeout: PAGE_DEADLINE_MS });
  expect(await textOf(page, 'h1')).toBe('Rendered on the server');
  await page.close();
  await companion.terminate(environmentId);
  await expect.poll(() => readdir(worktree)).not.toContain('node_modules');
});

test('an Astro app runs as it does by itself, and shows an edit of its page', {
  timeout: 400_000,
}, async () => {
  const { page, worktree, id, errors } = await open(astro);
  await expect.poll(() => textOf(page, '#js'), { timeout: 60_000 }).toBe('script ran');
  expect(await page.$eval('h1', (found) => getComputedStyle(found).color)).toBe('rgb(1, 2, 3)');
  await edit(worktree, 'src/pages/index.astro', 'Made by Astro', 'Made again');
  await expect.poll(() => textOf(page, 'h1').catch(() => ''), { timeout: 60_000 }).toBe('Made again');
  expect((await companion.environment(id)).provider).toBe('devserver');
  expect(errors).toEqual([]);

  const frameId = await frameIdAfterReload(page);
  const evaluate = (source: string) =>
    companion
      .fetch(`/api/environments/${id}/evaluate`, { method: 'POST', body: { frameId, source } })
      .then((response) => response.json());
  expect(await evaluate("document.querySelector('h1').textContent")).toMatchObject({
    thrown: false,
    value: { type: 'string', text: 'Made again' },
  });
  expect(await evaluate('nothing.of.it')).toMatchObject({ thrown: true });
});
