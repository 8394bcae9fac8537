import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { SCENES, WIDE_SCENES } from './scenes.ts';
import { workbenchPage } from './workbench-page.ts';

const bench = workbenchPage();
let axe: string;

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});

/** What axe-core finds serious or critical in the workbench itself; the app in its frame is the agent's. */
async function faults(): Promise<string[]> {
  await bench.page.evaluate(axe);
  const { violations } = await bench.page.evaluate(() => {
    const { axe: checker } = globalThis as unknown as {
      axe: { run(context: object, options: object): Promise<AxeResults> };
    };
    return checker.run({ exclude: ['iframe'] }, { iframes: false, resultTypes: ['violations'] });
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`),
    );
}

const WIDTHS = { narrow: { width: 360, height: 720 }, wide: { width: 1440, height: 900 } };
// The companion is gone, or lets nobody in: the page's own errors about that are expected there.
const scenes = [...SCENES, ...WIDE_SCENES].filter(
  ({ name }) => !['connection-lost', 'signed-out'].includes(name),
);

describe.each(['light', 'dark'] as const)('every screen in %s colours', (scheme) => {
  it.each(scenes)('$name has nothing that hinders people', async (scene) => {
    const found: string[] = [];
    for (const [width, size] of Object.entries(WIDTHS)) {
      // Of colours, one width tells.
      if (width === 'narrow' && (scheme === 'dark' || WIDE_SCENES.includes(scene))) continue;
      bench.fake.reset();
      scene.prepare?.(bench.fake);
      await bench.page.setViewport(size);
      await bench.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await bench.open();
      await bench.page.evaluate(() => localStorage.clear());
      await bench.page.reload();
      await bench.page.waitForSelector('.attempts');
      await bench.page.waitForFunction(() => !document.querySelector('.attempts-message .spinner'));
      await scene.act?.(bench.page, bench.fake);
      found.push(...(await faults()).map((fault) => `${width}: ${fault}`));
    }
    expect(found).toEqual([]);
  });
});
