import { connect } from 'node:net';
import type { Load } from './messages.ts';

/*
 * `load.ts <port> <path> <connections> <seconds or 0> <requests or 0>`: asks over kept connections, on each the next
 * as soon as the last is answered. Reads no more of an answer than its length, so that it costs the machine little.
 */
const [port = 0, , connections = 1, seconds = 0, count = 0] = process.argv.slice(2).map(Number);
const path = process.argv[3];
const HEAD_END = Buffer.from('\r\n\r\n');
const ask = Buffer.from(
  `GET ${path} HTTP/1.1\r\nhost: demo.localhost:${port}\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0\r\naccept: application/json, text/plain, */*\r\naccept-encoding: gzip, deflate, br, zstd\r\naccept-language: en-GB,en;q=0.9\r\nsec-fetch-site: same-origin\r\nsec-fetch-mode: cors\r\nsec-fetch-dest: empty\r\ncookie: theme=dark; __vitrine_preview=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n\r\n`,
);

const latencies: number[] = [];
let asked = 0;
const begun = performance.now();
const until = seconds > 0 ? begun + seconds * 1_000 : Number.POSITIVE_INFINITY;
const mayAsk = () => performance.now() < until && (count === 0 || asked < count);

function run(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    let sentAt = 0;
    let left = -1;
    let head: Buffer = Buffer.alloc(0);
    const next = () => {
      if (!mayAsk()) {
        socket.end();
        return resolve();
      }
      asked += 1;
      left = -1;
      head = Buffer.alloc(0);
      sentAt = performance.now();
      socket.write(ask);
    };
    socket.on('connect', next);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      if (left < 0) {
        head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
        const end = head.indexOf(HEAD_END);
        if (end < 0) return;
        const lines = head.toString('latin1', 0, end);
        if (!lines.startsWith('HTTP/1.1 200')) return reject(new Error(lines));
        left = Number(/content-length: (\d+)/i.exec(lines)?.[1]) - (head.length - end - 4);
      } else left -= chunk.length;
      if (left > 0) return;
      latencies.push(performance.now() - sentAt);
      next();
    });
  });
}

await Promise.all(Array.from({ length: connections }, run));
const elapsed = (performance.now() - begun) / 1_000;
latencies.sort((a, b) => a - b);
const result: Load = {
  requests: latencies.length,
  seconds: elapsed,
  medianMs: latencies[Math.floor(latencies.length / 2)] ?? Number.NaN,
};
process.send?.(result);
process.disconnect?.();
