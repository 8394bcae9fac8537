import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { kill, untilEnded } from './processes.ts';

const ROUNDS = 30;

/** Listens, and has threads that are busy in the moment in which they are killed. */
const LISTENS = `
const { Worker } = require('node:worker_threads');
for (let at = 0; at < 4; at += 1) new Worker('for (;;);', { eval: true });
require('node:http').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

test('the port of a killed process is free once it has ended, however many threads it had', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const child = spawn(process.execPath, ['-e', LISTENS], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [port] = await once(child.stdout, 'data');
    const killed = kill(() => [child.pid ?? 0]);
    await untilEnded(killed);
    expect(await isOpen(Number(port))).toBe(false);
  }
});
