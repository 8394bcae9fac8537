import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chromium, startChromium } from '../browsers/chromium.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { apps } from '../corpus/apps/index.ts';
import { compareApp } from '../corpus/compare-app.ts';
import { Lifetime } from '../lifetime.ts';

/** One of each way to a page; `node e2e/corpus/main.ts` compares all of them. */
const REPRESENTATIVE = ['react-ts', 'vue-ts', 'next', 'astro'];

const lifetime = new Lifetime();
let companion: Companion;
let chromium: Chromium;

beforeAll(async () => {
  companion = lifetime.own(await startCompanion(), (started) => started.stop());
  chromium = lifetime.own(await startChromium(), (started) => started.stop());
});
afterAll(() => lifetime.end());

test.each(REPRESENTATIVE)(
  '%s looks in a preview as in its own dev server, pixel for pixel, and takes edits with the same fate of its state',
  {
    timeout: 400_000,
  },
  async (name) => {
    const app = apps.find((each) => each.name === name);
    if (!app) throw new Error(`The corpus has no ${name}`);
    const { remarks, pixels, edits } = await compareApp(chromium.browser, companion, app);
    expect(remarks).toEqual([]);
    expect(pixels).toEqual([0, ...app.edits.map(() => 0)]);
    expect(edits.map(({ what, isSame }) => ({ what, isSame }))).toEqual(
      app.edits.map(({ what }) => ({ what, isSame: true })),
    );
  },
);
