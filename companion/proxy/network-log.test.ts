import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NetworkRequest } from '#shared/api/network.ts';
import { networkQuerySchema } from '#shared/api/network.ts';
import { MAX_KEPT_REQUESTS, NetworkLog } from './network-log.ts';

const start = (url = '/', rawHeaders: string[] = []) => ({
  method: 'GET',
  url,
  kind: 'http' as const,
  initiator: 'browser' as const,
  httpVersion: 'HTTP/1.1',
  rawHeaders,
});
const query = (given: Record<string, unknown> = {}) => networkQuerySchema.parse(given);
const silent = () => undefined;

describe('what is kept', () => {
  test('is bounded in rows: the oldest go, and their recordings go on without being kept', () => {
    const log = new NetworkLog(silent, { maxRequests: 3 });
    const first = log.begin(start('/0'));
    for (let i = 1; i <= 3; i++) log.begin(start(`/${i}`));
    expect(log.list().requests.map(({ url }) => url)).toEqual(['/1', '/2', '/3']);
    const { bytes } = log;
    first.responseHead(200, 'OK', ['content-type', 'text/plain']);
    first.responseChunk(Buffer.alloc(10_000));
    first.end();
    expect(log.bytes).toBe(bytes);
    expect(log.list().requests).toHaveLength(3);
  });

  test('is bounded in bytes: the oldest bodies go before any row', async () => {
    const log = new NetworkLog(silent, { maxBytes: 200_000 });
    const ids = Array.from({ length: 10 }, (_, i) => {
      const recording = log.begin(start(`/${i}`));
      recording.responseHead(200, 'OK', ['content-type', 'text/plain']);
      recording.responseChunk(Buffer.alloc(50_000, 'x'));
      recording.end();
      return recording.id;
    });
    expect(log.bytes).toBeLessThanOrEqual(200_000);
    expect(log.list().requests).toHaveLength(10);
    expect((await log.detail(ids[0] ?? 0))?.responseBody).toBeUndefined();
    expect((await log.detail(ids[9] ?? 0))?.responseBody?.text).toHaveLength(50_000);
  });

  test('a request can be had as it came, unless a part of it was not kept', () => {
    const log = new NetworkLog(silent);
    const sent = (bytes: number, change = {}) => {
      const recording = log.begin({ ...start('/x', ['Cookie', 'sid=1']), method: 'POST', ...change });
      recording.requestChunk(Buffer.alloc(bytes, 'x'));
      recording.end();
      return log.whole(recording.id);
    };
    expect(sent(10)).toMatchObject({
      method: 'POST',
      rawHeaders: ['Cookie', 'sid=1'],
      body: Buffer.alloc(10, 'x'),
    });
    expect(sent(100_000)).toBeUndefined();
    expect(sent(10, { rawHeaders: ['content-type', 'image/png'] })).toBeUndefined();
    expect(sent(10, { initiator: 'backend' })).toBeUndefined();
    expect(sent(10, { url: `/${'x'.repeat(5_000)}` })).toBeUndefined();
    expect(log.whole(1)).toBeUndefined();
  });

  test('pictures are kept whole to a limit, other binary bodies not at all', async () => {
    const log = new NetworkLog(silent);
    const answered = async (type: string, bytes: number) => {
      const recording = log.begin(start('/photo'));
      recording.responseHead(200, 'OK', ['content-type', type]);
      recording.responseChunk(Buffer.alloc(bytes - 1, 7));
      recording.responseChunk(Buffer.alloc(1, 8));
      recording.end();
      return (await log.detail(recording.id))?.responseBody;
    };
    const picture = await answered('image/png', 300_000);
    expect(picture).toMatchObject({ text: null, isCut: false });
    expect(Buffer.from(picture?.base64 ?? '', 'base64').subarray(-2)).toEqual(Buffer.from([7, 8]));
    expect(await answered('image/webp', 600_000)).toEqual({
      mimeType: 'image/webp',
      text: null,
      isCut: true,
    });
    expect(await answered('video/mp4', 1_000)).toBeUndefined();
  });

  test('is bounded in bytes by rows too, where headers are what is large', () => {
    const log = new NetworkLog(silent, { maxBytes: 100_000 });
    for (let i = 0; i < 50; i++) log.begin(start(`/${i}`, ['x-big', 'x'.repeat(10_000)]));
    expect(log.bytes).toBeLessThanOrEqual(100_000);
    expect(log.list().requests.at(-1)?.url).toBe('/49');
  });

  test('an event stream in thousands of pieces counts for what it costs', () => {
    const log = new NetworkLog(silent, { maxBytes: 100_000 });
    const recording = log.begin(start('/events'));
    recording.responseHead(200, 'OK', ['content-type', 'text/event-stream']);
    for (let i = 0; i < 20_000; i++) recording.responseChunk(Buffer.from('x'));
    expect(log.bytes).toBeLessThanOrEqual(100_000);
    expect(log.list().requests[0]?.responseBytes).toBe(20_000);
  });

  test('long sockets keep the newest frames and say how many are gone', async () => {
    const log = new NetworkLog(silent);
    const recording = log.begin({ ...start('/live'), kind: 'websocket' });
    recording.openFrames();
    for (let i = 0; i < 600; i++) {
      const text = Buffer.from(`m${i}`);
      recording.socketReceived(Buffer.concat([Buffer.from([0x81, text.length]), text]));
    }
    const detail = await log.detail(recording.id);
    expect(detail?.frames).toHaveLength(500);
    expect(detail?.frames?.at(-1)?.text).toBe('m599');
    expect(detail?.framesDropped).toBe(100);
  });

  test('everything can be forgotten at once', async () => {
    const log = new NetworkLog(silent);
    const recording = log.begin(start('/'));
    const next = log.clear();
    expect(log.list().requests).toEqual([]);
    expect(log.bytes).toBe(0);
    expect(await log.detail(recording.id)).toBeUndefined();
    expect(log.begin(start('/')).id).toBe(next);
  });
});

describe('a poller', () => {
  test('sees each change once, in the order of changes', () => {
    const log = new NetworkLog(silent);
    const slow = log.begin(start('/slow'));
    const quick = log.begin(start('/quick'));
    quick.end();
    const first = log.list(query());
    expect(first.requests.map(({ url }) => url)).toEqual(['/slow', '/quick']);
    slow.responseHead(200, 'OK', []);
    slow.end();
    const second = log.list(query({ since: first.cursor }));
    expect(second.requests.map(({ url, status }) => [url, status])).toEqual([['/slow', 200]]);
    expect(log.list(query({ since: second.cursor })).requests).toEqual([]);
  });

  test('gets pages that together are everything, with changes in between', () => {
    const log = new NetworkLog(silent);
    const recordings = Array.from({ length: 25 }, (_, i) => log.begin(start(`/${i}`)));
    const seen = new Map<number, NetworkRequest>();
    let since = 0;
    for (let page = 0; ; page++) {
      const { requests, cursor, hasMore } = log.list(query({ since, limit: 10 }));
      for (const request of requests) seen.set(request.id, request);
      since = cursor;
      if (page === 0) for (const each of recordings) each.end();
      if (!hasMore) break;
    }
    expect([...seen.values()].every(({ durationMs }) => durationMs !== undefined)).toBe(true);
    expect(seen.size).toBe(25);
  });

  test('with a cursor of another life starts anew, and its ids never come again', async () => {
    const old = new NetworkLog(silent);
    const { id } = old.begin(start('/old'));
    const { cursor } = old.list();
    await new Promise((resolve) => setTimeout(resolve, 2)); // the clock goes on between two lives
    const log = new NetworkLog(silent);
    const recording = log.begin(start('/new'));
    expect(recording.id).toBeGreaterThan(id);
    expect(log.list(query({ since: cursor })).requests).toHaveLength(1);
  });

  test.each([
    [{ status: '4xx' }, ['/a']],
    [{ status: '404' }, ['/a']],
    [{ status: '200' }, ['/B?q=1']],
    [{ method: 'post' }, ['/a']],
    [{ text: 'b?Q' }, ['/B?q=1']],
    [{ blocked: 'true' }, ['x.example:443']],
    [{ blocked: 'false' }, ['/a', '/B?q=1']],
    [{ kind: 'tunnel' }, ['x.example:443']],
    [{ initiator: 'backend' }, ['x.example:443']],
  ])('may ask for some only: %j', (filter, expected) => {
    const log = new NetworkLog(silent);
    const a = log.begin({ ...start('/a'), method: 'POST' });
    a.responseHead(404, '', []);
    a.end();
    const b = log.begin(start('/B?q=1'));
    b.responseHead(200, '', []);
    b.end();
    const blocked = log.begin({ ...start('x.example:443'), kind: 'tunnel', initiator: 'backend' });
    blocked.end({ isBlocked: true, error: 'no' });
    expect(log.list(query(filter)).requests.map(({ url }) => url)).toEqual(expected);
  });
});

describe('those who watch live', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test('are told once of a request that begins and ends within a moment', () => {
    const told: NetworkRequest[] = [];
    const log = new NetworkLog((request) => told.push(request));
    const recording = log.begin(start('/'));
    recording.responseHead(200, 'OK', []);
    recording.end();
    vi.advanceTimersByTime(1_000);
    expect(told.map(({ status }) => status)).toEqual([200]);
  });

  test('are told of a long one as it begins, now and then, and as it ends', () => {
    const told: NetworkRequest[] = [];
    const log = new NetworkLog((request) => told.push(request));
    const recording = log.begin(start('/events'));
    for (let i = 0; i < 100; i++) {
      recording.progressed();
      vi.advanceTimersByTime(50);
    }
    expect(told.length).toBeGreaterThanOrEqual(4);
    expect(told.length).toBeLessThanOrEqual(7);
    recording.end();
    vi.advanceTimersByTime(200);
    expect(told.at(-1)?.durationMs).toBeDefined();
  });

  test('are not flooded: of a burst the newest are told at a steady pace', () => {
    const told: NetworkRequest[] = [];
    const log = new NetworkLog((request) => told.push(request));
    for (let second = 0; second < 2; second++) {
      for (let i = 0; i < 10_000; i++) log.begin(start(`/${second}-${i}`)).end();
      vi.advanceTimersByTime(1_000);
    }
    expect(told.length).toBeLessThanOrEqual(400);
    vi.advanceTimersByTime(60_000);
    expect(told.at(-1)?.url).toBe('/1-9999');
    expect(told.length).toBeLessThanOrEqual(MAX_KEPT_REQUESTS + 400);
  });
});
