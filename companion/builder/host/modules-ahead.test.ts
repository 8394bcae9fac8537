import { describe, expect, it } from 'vitest';
import { type AheadAnswer, ModulesAhead } from './modules-ahead.ts';

const answer = (url: string, imports: string[] = [], size = 1): AheadAnswer => ({
  head: { url, status: 200, headers: {}, imports },
  body: Buffer.alloc(size),
});

interface Asked {
  urls: string[];
  signal: AbortSignal;
  /** Resolves when what was said was taken. */
  say(answer: AheadAnswer): Promise<void>;
  end(): void;
}

/** A builder that answers what the test tells it to. */
function builder() {
  const kept: string[] = [];
  const loads: Asked[] = [];
  const ahead = new ModulesAhead({
    async *load(_number, urls, _headers, signal) {
      let said = Promise.withResolvers<AheadAnswer | null>();
      let taken = Promise.withResolvers<void>();
      const tell = (each: AheadAnswer | null) => {
        said.resolve(each);
        return taken.promise;
      };
      loads.push({ urls, signal, say: (each) => tell(each), end: () => void tell(null) });
      for (;;) {
        const each = await said.promise;
        if (each === null) return;
        said = Promise.withResolvers();
        const done = taken;
        taken = Promise.withResolvers();
        yield each;
        done.resolve();
      }
    },
    keep: ({ head }) => void kept.push(head.url),
    isKnown: (url) => kept.includes(url),
  });
  const load = (index: number) =>
    expect
      .poll(() => loads[index])
      .toBeDefined()
      .then(() => loads[index] as Asked);
  return { ahead, kept, loads, load };
}

/** Whether a promise is settled once what is under way was done. */
async function isOver(promise: Promise<unknown>): Promise<boolean> {
  let over = false;
  void promise.then(() => {
    over = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return over;
}

describe('modules ahead', () => {
  it('make a page wait for what is on its way, and for nothing longer than it is', async () => {
    const { ahead, load } = builder();
    ahead.begin();
    ahead.follow(['/main'], {});
    const stream = await load(0);
    await stream.say(answer('/main', ['/a', '/b']));
    await ahead.claim('/main', {});
    const [a, b] = [ahead.claim('/a', {}), ahead.claim('/b', {})];
    expect(await isOver(a)).toBe(false);
    await stream.say(answer('/a'));
    await a;
    expect(await isOver(b)).toBe(false);
    stream.end();
    await b;
  });

  it('are asked for from a script on that nobody announced', async () => {
    const { ahead, load, loads } = builder();
    ahead.begin();
    const claimed = ahead.claim('/lazy', {});
    const stream = await load(0);
    expect(stream.urls).toEqual(['/lazy']);
    await stream.say(answer('/lazy'));
    await claimed;
    await ahead.claim('/lazy', {});
    expect(loads).toHaveLength(1);
  });

  it('are nobody’s while no page loads', async () => {
    const { ahead, loads } = builder();
    ahead.follow(['/main'], {});
    await ahead.claim('/main', {});
    expect(loads).toHaveLength(0);
  });

  it('let pages go when the load is over, and the builder too', async () => {
    const { ahead, load } = builder();
    ahead.begin();
    const claimed = ahead.claim('/main', {});
    const { signal } = await load(0);
    ahead.end();
    await claimed;
    expect(signal.aborted).toBe(true);
  });

  it('wait for a page that does not ask, and make nobody wait meanwhile', async () => {
    const { ahead, load, kept } = builder();
    ahead.begin();
    ahead.follow(['/main'], {});
    const names = Array.from({ length: 260 }, (_each, index) => `/m${index}`);
    const stream = await load(0);
    await stream.say(answer('/main', names));
    await ahead.claim('/main', {});
    for (const name of names.slice(0, 249)) await stream.say(answer(name));
    const held = stream.say(answer('/m249'));
    expect(await isOver(held)).toBe(false);
    // It comes later than asked for: the page asks the builder itself.
    await ahead.claim('/m255', {});
    expect(kept).not.toContain('/m255');
    await ahead.claim('/m0', {});
    await held;
    await stream.say(answer('/m255'));
    expect(kept).toContain('/m255');
  });

  it('wait for a page that does not ask, by their size too', async () => {
    const { ahead, load } = builder();
    ahead.begin();
    ahead.follow(['/main'], {});
    const stream = await load(0);
    await stream.say(answer('/main', ['/large', '/next'], 4 * 1024 * 1024));
    const held = stream.say(answer('/large', [], 4 * 1024 * 1024));
    expect(await isOver(held)).toBe(false);
    await ahead.claim('/main', {});
    await held;
  });

  it('are those of an update for pages that run already, and no others', async () => {
    const { ahead, load, loads } = builder();
    ahead.begin('t=42');
    ahead.follow(['/App?t=42'], {});
    const stream = await load(0);
    await ahead.claim('/lazy', {});
    const claimed = ahead.claim('/App?t=42', {});
    expect(await isOver(claimed)).toBe(false);
    await stream.say(answer('/App?t=42'));
    await claimed;
    expect(loads).toHaveLength(1);
  });
});
