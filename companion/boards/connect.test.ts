import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectBoard } from './connect.ts';
import { FakeBoard, sendEnvelope } from './fake-board.ts';

let fake: FakeBoard;
let origin: string;
const signal = AbortSignal.timeout(30_000);

beforeEach(async () => {
  fake = new FakeBoard();
  origin = await fake.start();
});

afterEach(() => fake.stop());

describe('connecting a board', () => {
  it('names the board by its origin, whatever page of it was given', async () => {
    fake.answers.set('/api/health', { data: 'OK' });
    fake.answers.set('/api/task-attempts', { data: [] });
    const board = await connectBoard(`${origin}/projects/1/tasks?x=1#y`, signal);
    expect([board.kind, board.url]).toEqual(['vibe-kanban', origin]);
    // Newer boards refuse a foreign Origin; the companion has none.
    expect(fake.headers.origin).toBeUndefined();
    expect(fake.headers.cookie).toBeUndefined();
  });

  it.each(['ftp://localhost/', 'file:///etc/passwd', 'not an address', 'http://user:secret@localhost/'])(
    'refuses %s as an address',
    async (address) => {
      await expect(connectBoard(address, signal)).rejects.toMatchObject({
        code: 'BOARD_ADDRESS_INVALID',
        status: 400,
      });
    },
  );

  it.each([
    'http://example.org',
    'http://10.0.0.1',
    'http://localhost.example.org',
    'http://127.0.0.1.example.org',
    'http://notlocalhost',
    'http://[::ffff:10.0.0.1]',
    'http://0.0.0.0',
  ])('[attack 11] calls no site elsewhere that nobody added: %s', async (address) => {
    await expect(connectBoard(address, signal)).rejects.toMatchObject({
      code: 'BOARD_NOT_ADDED',
      status: 403,
    });
  });

  it('calls a site elsewhere that the person added, and no other port of it', async () => {
    const added = ['http://board.invalid:3000'];
    await expect(connectBoard('http://board.invalid:3000/x', signal, { added })).rejects.toMatchObject({
      code: 'BOARD_UNREACHABLE',
    });
    await expect(connectBoard('http://board.invalid:3001', signal, { added })).rejects.toMatchObject({
      code: 'BOARD_NOT_ADDED',
    });
  });

  it('says that a board is not there', async () => {
    await fake.stop();
    await expect(connectBoard(origin, signal)).rejects.toMatchObject({
      code: 'BOARD_UNREACHABLE',
      status: 502,
    });
    fake = new FakeBoard();
    await fake.start();
  });

  it('says that a site is no board: a page for every path', async () => {
    await expect(connectBoard(origin, signal)).rejects.toMatchObject({ code: 'BOARD_UNKNOWN', status: 422 });
  });

  it('says that a site is no board: JSON of its own', async () => {
    fake.answers.set('/api/health', (_, response) => sendEnvelope(response, { status: 'ok' }));
    await expect(connectBoard(origin, signal)).rejects.toMatchObject({ code: 'BOARD_UNKNOWN' });
  });

  it('names what an unknown version answered, and the versions that are known', async () => {
    fake.answers.set('/api/health', { data: 'OK' });
    const error = await connectBoard(origin, signal).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'BOARD_UNKNOWN' });
    expect(error.message).toContain('/api/workspaces 200 text/html');
    expect(error.message).toContain('/api/task-attempts 200 text/html');
    expect(error.remedy).toContain('0.0.71');
  });

  it('follows no redirect', async () => {
    fake.answers.set('/api/health', (_, response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:1/api/health' }).end();
    });
    await expect(connectBoard(origin, signal)).rejects.toMatchObject({ code: 'BOARD_UNKNOWN' });
  });

  it('stops reading an answer without end', async () => {
    let closed = false;
    fake.answers.set('/api/health', (_, response) => {
      response.setHeader('content-type', 'application/json');
      const chunk = Buffer.alloc(1024 * 1024, ' ');
      const more = () => {
        while (!closed && response.write(chunk));
      };
      response.on('drain', more).on('close', () => {
        closed = true;
      });
      more();
    });
    await expect(connectBoard(origin, signal)).rejects.toMatchObject({ code: 'BOARD_ANSWER_INVALID' });
    await expect.poll(() => closed).toBe(true);
  });

  it('gives up when asked to, and says nothing of the board then', async () => {
    const given = new AbortController();
    fake.answers.set('/api/health', () => given.abort(new Error('no longer wanted')));
    await expect(connectBoard(origin, given.signal)).rejects.toThrow('no longer wanted');
  });
});
