import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { nativeReplySchema } from '#shared/native/messages.ts';
import { findCompanion, startCompanion } from './find-companion.ts';
import { encodeFrame, readFrames } from './framing.ts';
import { holdStartLock } from './start-lock.ts';

const HOST = join(import.meta.dirname, 'host.ts');
const TOKEN = 't'.repeat(40);

async function makeHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'vitrine-home-'));
  onTestFinished(async () => {
    const companion = await findCompanion(home);
    if (companion) process.kill(companion.pid, 'SIGKILL');
    await rm(home, { recursive: true, force: true });
  });
  return home;
}

/** A program that does what a companion does at its start, and counts how often it was started. */
async function companionProgram(home: string, delayMs = 0): Promise<string[]> {
  const file = join(home, 'companion.cjs');
  await writeFile(
    file,
    `const fs = require('fs'), http = require('http'), home = process.env.VITRINE_HOME;
    fs.appendFileSync(home + '/starts', 'x');
    console.log('a line for the log');
    setTimeout(() => {
      const server = http.createServer((q, r) => r.end(JSON.stringify({ ok: true, name: 'vitrine', version: '0' })));
      server.listen(0, '127.0.0.1', () => fs.writeFileSync(home + '/companion.json', JSON.stringify({ port: server.address().port, pid: process.pid, token: '${TOKEN}' })));
    }, ${delayMs});`,
  );
  return [process.execPath, file];
}

const decode = async (bytes: Buffer) => {
  const messages: unknown[] = [];
  for await (const message of readFrames(Readable.from([bytes]))) messages.push(message);
  return messages;
};

/** Runs the real host as a browser does and returns what came over its standard output. */
async function askHost(home: string, input: Buffer): Promise<unknown[]> {
  const host = spawn(process.execPath, [HOST], { env: { ...process.env, VITRINE_HOME: home } });
  host.stdin.write(input);
  const output: Buffer[] = [];
  for await (const chunk of host.stdout) {
    output.push(chunk);
    const bytes = Buffer.concat(output);
    if (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32LE()) host.stdin.end();
  }
  return decode(Buffer.concat(output));
}

test('frames survive any chunking', async () => {
  const messages = [{ type: 'connect' }, { text: 'ä€😀' }];
  const bytes = Buffer.concat(messages.map(encodeFrame));
  const single = Readable.from([...bytes].map((byte) => Buffer.from([byte])));
  const read: unknown[] = [];
  for await (const message of readFrames(single)) read.push(message);
  expect(read).toEqual(messages);
  expect(bytes.readUInt32LE()).toBe(18);
});

test('a message that claims to be huge is refused before it is read', async () => {
  const header = Buffer.alloc(4);
  header.writeUInt32LE(200_000_000);
  await expect(decode(header)).rejects.toThrow('at most 65536 bytes');
});

test('no file, a broken file, a dead process, a stranger on the port: there is no companion', async () => {
  const home = await makeHome();
  expect(await findCompanion(home)).toBeNull();
  await writeFile(join(home, 'companion.json'), '{"port":');
  expect(await findCompanion(home)).toBeNull();
  await writeFile(join(home, 'companion.json'), JSON.stringify({ port: 1, pid: process.pid, token: TOKEN }));
  expect(await findCompanion(home)).toBeNull();
  await writeFile(join(home, 'companion.json'), JSON.stringify({ port: 1, pid: 2 ** 22, token: TOKEN }));
  expect(await findCompanion(home)).toBeNull();
});

test('a companion is started, detached, with its output in the log', async () => {
  const home = await makeHome();
  const command = await companionProgram(home);
  const started = await startCompanion(home, AbortSignal.timeout(10_000), { command });
  expect(await findCompanion(home)).toEqual(started);
  expect(await readFile(join(home, 'companion.log'), 'utf8')).toBe('a line for the log\n');
  expect((await stat(join(home, 'companion.log'))).mode & 0o777).toBe(0o600);
});

test('eight starts at the same moment end with one companion', async () => {
  const home = await makeHome();
  const command = await companionProgram(home, 100);
  const started = await Promise.all(
    Array.from({ length: 8 }, () => startCompanion(home, AbortSignal.timeout(10_000), { command })),
  );
  expect(new Set(started.map(({ pid }) => pid)).size).toBe(1);
  expect(await readFile(join(home, 'starts'), 'utf8')).toBe('x');
});

test('a start lock that is held is waited for, as long as the signal allows', async () => {
  const home = await makeHome();
  const release = await holdStartLock(home, AbortSignal.timeout(5_000));
  await expect(holdStartLock(home, AbortSignal.timeout(200))).rejects.toThrow();
  const waiting = holdStartLock(home, AbortSignal.timeout(5_000));
  await release();
  await (await waiting)();
});

test('a companion that ends at once is an error with its last words', async () => {
  const home = await makeHome();
  const command = [process.execPath, '-e', 'console.error("no such module"); process.exit(3)'];
  await expect(startCompanion(home, AbortSignal.timeout(10_000), { command })).rejects.toMatchObject({
    code: 'COMPANION_NOT_STARTED',
    message: expect.stringMatching(/code 3.*no such module/),
  });
});

test('the host tells the extension where a running companion is', async () => {
  const home = await makeHome();
  const { port } = await startCompanion(home, AbortSignal.timeout(10_000), {
    command: await companionProgram(home),
  });
  expect(await askHost(home, encodeFrame({ type: 'connect' }))).toEqual([
    { type: 'connected', port, token: TOKEN },
  ]);
});

test('the host answers a message it does not know with a failure', async () => {
  const [reply] = await askHost(await makeHome(), encodeFrame({ type: 'launch', program: 'rm' }));
  expect(nativeReplySchema.parse(reply)).toMatchObject({
    type: 'failed',
    failure: { code: 'NATIVE_REQUEST_INVALID' },
  });
});

test('the host ends when the browser hangs up, and writes nothing for what is no frame', async () => {
  const home = await makeHome();
  const host = spawn(process.execPath, [HOST], { env: { ...process.env, VITRINE_HOME: home } });
  host.stdin.end('this is not a frame, and its length is absurd');
  expect(await buffer(host.stdout)).toHaveLength(0);
});

test('two hosts on a home without a companion start the real one, once', async () => {
  const home = await makeHome();
  await mkdir(home, { recursive: true });
  const replies = await Promise.all([1, 2].map(() => askHost(home, encodeFrame({ type: 'connect' }))));
  const [first, second] = replies.map(([reply]) => nativeReplySchema.parse(reply));
  expect(first).toMatchObject({ type: 'connected' });
  expect(second).toEqual(first);
}, 30_000);
