import { PassThrough, type Readable } from 'node:stream';

const HEADER_BYTES = 8;
const STDERR = 2;

/**
 * Takes apart the engine's output stream: frames of an eight-byte header (stream, three zeros, big-endian length)
 * and a payload. Unlike dockerode's own, it waits for whoever reads: a paused reader stops the container's writes.
 */
export function demultiplex(source: Readable): { stdout: Readable; stderr: Readable } {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  void pump(source, stdout, stderr).then(() => {
    stdout.end();
    stderr.end();
  });
  return { stdout, stderr };
}

async function pump(source: Readable, stdout: PassThrough, stderr: PassThrough): Promise<void> {
  let header = Buffer.alloc(0);
  let remaining = 0;
  let target = stdout;
  try {
    for await (const piece of source) {
      let chunk: Buffer = piece;
      while (chunk.length > 0) {
        if (remaining === 0) {
          const wanted = HEADER_BYTES - header.length;
          header = Buffer.concat([header, chunk.subarray(0, wanted)]);
          chunk = chunk.subarray(wanted);
          if (header.length < HEADER_BYTES) break;
          target = header[0] === STDERR ? stderr : stdout;
          remaining = header.readUInt32BE(4);
          header = Buffer.alloc(0);
          continue;
        }
        const payload = chunk.subarray(0, remaining);
        chunk = chunk.subarray(payload.length);
        remaining -= payload.length;
        if (!target.write(payload)) await drained(target);
      }
    }
  } catch {
    // The engine cut the stream: the container's end is told by its exit.
  }
}

function drained(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      stream.off('drain', settle);
      stream.off('close', settle);
      resolve();
    };
    stream.on('drain', settle);
    stream.on('close', settle);
  });
}
