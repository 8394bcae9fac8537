/**
 * Builds the workbench and takes a picture of every scene at three widths, light and dark, before the fake companion:
 * `node extension/workbench/testing/screenshots.ts <directory> [scene…]`. For people to look at.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, launch } from 'puppeteer';
import { build } from 'vite';
import { FakeCompanion } from './fake-companion.ts';
import type { Scene } from './scenes/scene.ts';
import { SCENES, WIDE_SCENES } from './scenes.ts';

const SIZES = [
  { width: 360, height: 720 },
  { width: 800, height: 720 },
  { width: 1440, height: 900 },
];
const SCHEMES = ['light', 'dark'] as const;

const [directory = 'screenshots', ...names] = process.argv.slice(2);
await mkdir(directory, { recursive: true });
const built = await mkdtemp(join(tmpdir(), 'vitrine-screenshots-'));
const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));
await build({ configFile, logLevel: 'error', build: { outDir: built } });
const browser = await launch({
  executablePath: process.env.PUPPETEER_EXECUTABLE_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
});
try {
  for (const size of SIZES) {
    const scenes = size.width >= 900 ? [...SCENES, ...WIDE_SCENES] : SCENES;
    for (const scene of scenes.filter(({ name }) => names.length === 0 || names.includes(name))) {
      for (const scheme of SCHEMES) await take(browser, scene, size, scheme);
    }
  }
} finally {
  await browser.close();
  await rm(built, { recursive: true, force: true });
}

async function take(browser: Browser, scene: Scene, size: { width: number; height: number }, scheme: string) {
  const fake = await FakeCompanion.start({ workbenchDirectory: built });
  const page = await browser.newPage();
  const file = join(directory, `${scene.name}-${size.width}-${scheme}.png`);
  page.on('console', (message) => {
    if (message.type() === 'error') console.log(`${file}: ${message.text()}`);
  });
  page.on('pageerror', (error) => console.log(`${file}: ${String(error)}`));
  try {
    scene.prepare?.(fake);
    await page.setViewport(size);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(fake.baseUrl);
    await page.waitForSelector('.attempts, .connection-card');
    await page.waitForFunction(() => !document.querySelector('.attempts-message .spinner'));
    await scene.act?.(page, fake);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 250)));
    await page.screenshot({ path: file });
  } catch (error) {
    console.log(`${file}: ${String(error)}`);
    await page.screenshot({ path: file });
  } finally {
    await page.close();
    await fake.close();
  }
}
