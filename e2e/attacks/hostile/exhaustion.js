import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

const MIB = 1024 * 1024;

/** A shell function that calls itself twice, for ever. It is on its own from then on. */
export async function forkBomb() {
  const bomb = spawn('sh', ['-c', 'bomb() { bomb | bomb & }; bomb; sleep 1000'], {
    stdio: 'ignore',
    detached: true,
  });
  await once(bomb, 'spawn');
  bomb.on('error', () => {});
  bomb.unref();
  return { started: true };
}

/** As many sleeping processes as there may be, at most `most`. */
export async function countForks({ most }) {
  const children = [];
  let refused = null;
  while (children.length < most && refused === null) {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const failed = await Promise.race([once(child, 'spawn'), once(child, 'error')]).then(
      ([error]) => error ?? null,
      (error) => error,
    );
    if (failed) refused = failed.code ?? String(failed);
    else children.push(child);
  }
  for (const child of children) child.kill('SIGKILL');
  return { forked: children.length, refused };
}

/** Takes and touches memory in a child until that is ended, at most `most` MiB. */
export async function eatMemory({ most }) {
  const code = `const kept = []; for (let taken = 0; taken < ${most}; taken += 8) { kept.push(Buffer.alloc(${8 * MIB}, 1)); } process.exit(42);`;
  const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
  const [exit, signal] = await once(child, 'exit');
  return { exit, signal };
}

/** Writes files of 8 MiB until that is refused, at most `most` MiB; removes them unless told to keep them. */
export async function fillDisk({ directory, most, keep = false }) {
  const block = Buffer.alloc(MIB, 'x');
  const names = [];
  let written = 0;
  let refused = null;
  while (written < most && refused === null) {
    const name = join(directory, `filler-${names.length}`);
    names.push(name);
    try {
      const file = await open(name, 'w');
      try {
        for (let part = 0; part < 8 && written < most; part += 1) {
          await file.write(block);
          written += 1;
        }
      } finally {
        await file.close();
      }
    } catch (error) {
      refused = error.code ?? String(error);
    }
  }
  if (!keep) for (const name of names) await rm(name, { force: true });
  return { writtenMb: written, refused };
}

const FLOOD = `
const line = 'a line that says nothing, over and over and over again\\n';
const block = Buffer.from(line.repeat(1200));
const [bytes, end] = [Number(process.argv[1]), Date.now() + Number(process.argv[2]) * 1000];
let written = 0;
while (written < bytes && Date.now() < end) {
  try {
    written += require('node:fs').writeSync(1, block);
  } catch (error) {
    if (error.code !== 'EAGAIN') throw error;
  }
}
process.send(written);
`;

/** Prints so many bytes as fast as they are taken, for at most so many seconds. Answers how many were. */
export async function floodLog({ bytes, seconds }) {
  const flood = spawn(process.execPath, ['-e', FLOOD, String(bytes), String(seconds)], {
    stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
  });
  const exited = once(flood, 'exit');
  const [written] = await once(flood, 'message');
  await exited;
  return { written };
}
