import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureDatabaseClones } from './database-clone.ts';
import { measureFleet } from './fleet.ts';
import { measureFrontend } from './frontend.ts';
import { measureDockerPods, measureProcessPods } from './pods.ts';
import { measureProxy, measureProxyMemory } from './proxy.ts';
import { measureResume } from './resume.ts';
import { comparisonTable, figures } from './statistics.ts';
import { measureWorkbench } from './workbench.ts';

/*
 * Measures each thing beside its peer in the same run. Prints; asserts nothing.
 * `npm run bench -- --runs 20 --only frontend,proxy`
 */
const parts: Record<string, (runs: number) => Promise<string>> = {
  frontend: (runs) => measureFrontend(runs, progress),
  pods: async (runs) => {
    const docker = await measureDockerPods(runs);
    const child = await measureProcessPods(runs);
    const bare = 'bare container';
    return comparisonTable([
      { what: 'docker: sandbox → first 200', ours: docker.ours, peer: docker.bare, peerName: bare },
      { what: 'docker: kept ready → first 200', ours: docker.warm, peer: docker.bare, peerName: bare },
      { what: 'process: sandbox → first 200', ours: child.ours, peer: child.bare, peerName: 'bare child' },
    ]);
  },
  resume: async (runs) => {
    const lines: string[] = [];
    for (const runtime of ['process', 'docker'] as const) {
      const { resumed, running } = await measureResume(runtime, runs);
      lines.push(
        `${runtime}: a request that resumes ${spread(resumed)} ms, the next one ${spread(running)} ms`,
      );
    }
    return lines.join('\n');
  },
  fleet: async () => {
    const { environments, oursMs, bareMs, readyMs, answering } = await measureFleet();
    return (
      `${environments} environments at once: all ready after ${(oursMs / 1000).toFixed(1)} s (each ${spread(readyMs)} ms), ${answering} answer;` +
      ` as many bare containers, four at a time: ${(bareMs / 1000).toFixed(1)} s: ${(oursMs / bareMs).toFixed(2)}x`
    );
  },
  databases: async (runs) => {
    const clones = await measureDatabaseClones(runs);
    return comparisonTable(
      clones.map(({ name, ours, floor }) => ({ what: name, ours, peer: floor, peerName: 'the bare copy' })),
    );
  },
  proxy: async (runs) => {
    const lines: string[] = [];
    for (const { bodyBytes, ratio, cpuRatio, addedMs, bareAddedMs } of await measureProxy(runs)) {
      lines.push(
        `${bodyBytes / 1000} kB bodies: ${spread(ratio)}x the requests/s of http-proxy-3 alone (by processor time ${spread(cpuRatio)}x),` +
          ` ${spread(addedMs)} ms added to the median (http-proxy-3 alone ${spread(bareAddedMs)})`,
      );
    }
    const { requests, heap, rss } = await measureProxyMemory();
    const mb = (each: number[]) => each.map((bytes) => (bytes / 1024 / 1024).toFixed(1)).join(' → ');
    lines.push(`Memory over ${requests} requests, MB: heap ${mb(heap)}; resident ${mb(rss)}`);
    return lines.join('\n');
  },
  workbench: async (runs) => {
    const { interactiveMs, longestTaskMs, heap } = await measureWorkbench(runs, progress);
    const mb = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
    return (
      `interactive, everything cached: ${spread(interactiveMs)} ms` +
      `\nlongest task while 1,000 lines/s arrive: ${longestTaskMs.toFixed(0)} ms (0: none over 50)` +
      `\nheap over 30 simulated minutes of that: ${mb(heap.filled)} → ${mb(heap.later)} MB`
    );
  },
};

/** Where no terminal shows it. */
const TELL_EVERY_MS = 15_000;
let toldAt = performance.now();

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    only: { type: 'string', default: Object.keys(parts).join(',') },
  },
});
const runs = Math.max(1, Number(values.runs) || 10);
console.log(`Milliseconds; ${cpus().length}x ${cpus()[0]?.model ?? 'CPU'}, Node ${process.version}`);
for (const name of values.only.split(',')) {
  const part = parts[name];
  if (!part) throw new Error(`There is no part "${name}"; there are ${Object.keys(parts).join(', ')}.`);
  const result = await part(runs);
  progress('');
  console.log(`\n${name}\n${result}`);
}

/** How far it is: on a terminal in one line, elsewhere as a line once in a while. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text !== '' && performance.now() - toldAt > TELL_EVERY_MS) {
    toldAt = performance.now();
    process.stderr.write(`${text}\n`);
  }
}

function spread(values: number[]): string {
  const { median, min, max } = figures(values);
  return `${median.toFixed(2)} [${min.toFixed(2)}–${max.toFixed(2)}]`;
}
