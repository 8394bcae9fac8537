import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { describe, expect, it } from 'vitest';
import { differingPixels, STILL } from '../../../e2e/browsers/pictures.ts';
import { makeSheet, type Tile } from './contact-sheet.ts';
import type { Scene } from './scenes/scene.ts';
import { SCENES, WIDE_SCENES } from './scenes.ts';
import { workbenchPage } from './workbench-page.ts';

/** One sheet per scene: light above dark, narrow to wide, at a quarter of the size. */
const SHEETS = join(import.meta.dirname, 'sheets');
/** Where what was seen instead is put, for people to look at. */
const SEEN = join(import.meta.dirname, '../../../.cache/sheets');
const SIZES = [
  { width: 360, height: 720 },
  { width: 800, height: 720 },
  { width: 1440, height: 900 },
];
const SCALE = 4;
/** Pixels of the reduced sheet: a missing icon is more, a clock that moved on is less. */
const MAX_DIFFERENT = 30;
/** Of 255: two machines' antialiasing differs by less. */
const TOLERANCE = 39;
/** Letters look the same on every machine that has them; Debian's browsers come with these. */
const FONTS = { '--font': '"DejaVu Sans"', '--font-code': '"DejaVu Sans Mono"' };
/** Of the app in the frame, which names no font. */
const FRAME_FONT = ':where(html){font-family:"DejaVu Sans"}';
const isWriting = process.env.VITRINE_SHEETS === 'write';

const bench = workbenchPage(['--force-device-scale-factor=1', '--font-render-hinting=none']);

/** The fonts and the stillness, from the first paint on. */
async function standStill(page: Page): Promise<void> {
  // Whoever leaves an edited file is asked about it.
  page.on('dialog', (dialog) => void dialog.accept());
  await page.evaluateOnNewDocument(
    (style, fonts) => {
      addEventListener('DOMContentLoaded', () => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(style);
        document.adoptedStyleSheets.push(sheet);
        for (const [name, font] of Object.entries(fonts))
          document.documentElement.style.setProperty(name, font);
      });
    },
    FRAME_FONT + STILL,
    FONTS,
  );
}

async function show(scene: Scene, size: (typeof SIZES)[number]): Promise<void> {
  bench.fake.reset();
  scene.prepare?.(bench.fake);
  await bench.page.setViewport(size);
  await bench.page.goto(bench.fake.baseUrl);
  await bench.page.evaluate(() => localStorage.clear());
  await bench.page.reload();
  await bench.page.waitForSelector('.attempts, .connection-card');
  await bench.page.waitForFunction(() => !document.querySelector('.attempts-message .spinner'));
  await scene.act?.(bench.page, bench.fake);
}

async function picture(scheme: string): Promise<string> {
  await bench.page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  // Two frames: what a change of colours set off is drawn.
  await bench.page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  return bench.page.screenshot({ encoding: 'base64' });
}

async function sheetOf(scene: Scene): Promise<string> {
  const tiles: Tile[] = [];
  let left = 0;
  for (const size of WIDE_SCENES.includes(scene) ? SIZES.slice(-1) : SIZES) {
    const [width, height] = [size.width / SCALE, size.height / SCALE];
    await show(scene, size);
    for (const [row, scheme] of ['light', 'dark'].entries())
      tiles.push({ picture: await picture(scheme), left, top: (row * 900) / SCALE, width, height });
    left += width;
  }
  const drawing = await bench.page.browser().newPage();
  try {
    return await makeSheet(drawing, tiles);
  } finally {
    await drawing.close();
  }
}

const differences = (one: string, other: string) =>
  differingPixels(bench.page.browser(), one, other, TOLERANCE);

// A companion that is gone has to be started anew for each size.
const scenes = [...SCENES, ...WIDE_SCENES].filter(({ name }) => name !== 'connection-lost');

describe('every screen in light and dark at three widths', () => {
  it.each(scenes)('$name looks as it was found good', async (scene) => {
    await standStill(bench.page);
    const file = join(SHEETS, `${scene.name}.png`);
    const seen = await sheetOf(scene);
    if (isWriting) {
      await mkdir(SHEETS, { recursive: true });
      const isSame =
        existsSync(file) && (await differences(await readFile(file, 'base64'), seen)) <= MAX_DIFFERENT;
      if (!isSame) await writeFile(file, seen, 'base64');
      return;
    }
    const count = await differences(await readFile(file, 'base64'), seen);
    if (count > MAX_DIFFERENT) {
      await mkdir(SEEN, { recursive: true });
      await writeFile(join(SEEN, `${scene.name}.png`), seen, 'base64');
    }
    expect(
      count,
      `differs from ${file}; what was seen is in ${SEEN}. Where the new one is right: VITRINE_SHEETS=write`,
    ).toBeLessThanOrEqual(MAX_DIFFERENT);
  });
});
