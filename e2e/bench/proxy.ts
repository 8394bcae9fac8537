import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Lifetime } from '../lifetime.ts';
import {
  type Load,
  listeningSchema,
  loadSchema,
  type Usage,
  usageSchema,
} from './proxy-programs/messages.ts';

/** Connections that ask at the same time, for requests a second: more than a browser's six per tab. */
const CONNECTIONS = 16;
const SIZES = [1_000, 1_000_000] as const;
const WARM_UP_S = 1;

/** Figures of one body size; one number of each a round, the rounds interleaved. */
export interface ProxyFigures {
  bodyBytes: number;
  /** Requests a second through http-proxy-3 alone, and through Vitrine's proxy with recording on. */
  bare: number[];
  recorded: number[];
  /** Their ratio, round by round. */
  ratio: number[];
  /** The same ratio by processor time of the proxy's process for one request: what other load cannot blur. */
  cpuRatio: number[];
  /** Milliseconds Vitrine's proxy adds to the median of asking the backend itself, one request at a time. */
  addedMs: number[];
  /** The same for http-proxy-3 alone. */
  bareAddedMs: number[];
}

/** Bytes of heap and buffers after a collection, and resident, of the proxy's process. */
export interface ProxyMemory {
  requests: number;
  /** After the warm-up, in which the log is filled and the young heap finds its size; then after each fifth. */
  heap: number[];
  rss: number[];
}

/** Vitrine's proxy beside http-proxy-3 alone, both in front of the same backend, each in a process of its own. */
export async function measureProxy(rounds: number, secondsEach = 2): Promise<ProxyFigures[]> {
  const lifetime = new Lifetime();
  try {
    const backend = await startProgram(lifetime, 'backend.ts');
    const bare = await startProgram(lifetime, 'bare.ts', backend.port);
    const recorded = await startProgram(lifetime, 'recorded.ts', backend.port);
    const figures: ProxyFigures[] = [];
    for (const size of SIZES) {
      const path = `/${size}`;
      const one: ProxyFigures = {
        bodyBytes: size,
        bare: [],
        recorded: [],
        ratio: [],
        cpuRatio: [],
        addedMs: [],
        bareAddedMs: [],
      };
      for (const { port } of [bare, recorded]) await load(port, path, CONNECTIONS, { seconds: WARM_UP_S });
      for (let round = 0; round < rounds; round++) {
        // Who goes first alternates: what a machine does meanwhile is to hit both.
        const order = round % 2 === 0 ? [bare, recorded] : [recorded, bare];
        const busy = new Map<Program, { perSecond: number; cpu: number }>();
        for (const program of order) {
          await program.usage();
          const { requests, seconds } = await load(program.port, path, CONNECTIONS, { seconds: secondsEach });
          const { cpuMs } = await program.usage();
          busy.set(program, { perSecond: requests / seconds, cpu: cpuMs / requests });
        }
        const alone = await load(backend.port, path, 1, { seconds: secondsEach / 2 });
        const quiet = new Map<Program, number>();
        for (const program of order) {
          const { medianMs } = await load(program.port, path, 1, { seconds: secondsEach / 2 });
          quiet.set(program, medianMs - alone.medianMs);
        }
        const [theirs, ours] = [busy.get(bare), busy.get(recorded)];
        if (!theirs || !ours) throw new Error('A round measured nothing');
        one.bare.push(theirs.perSecond);
        one.recorded.push(ours.perSecond);
        one.ratio.push(ours.perSecond / theirs.perSecond);
        one.cpuRatio.push(theirs.cpu / ours.cpu);
        one.addedMs.push(quiet.get(recorded) ?? Number.NaN);
        one.bareAddedMs.push(quiet.get(bare) ?? Number.NaN);
      }
      figures.push(one);
    }
    return figures;
  } finally {
    await lifetime.end();
  }
}

/** Memory of the proxy's process over so many requests, after half as many to warm up. */
export async function measureProxyMemory(requests = 100_000): Promise<ProxyMemory> {
  const lifetime = new Lifetime();
  try {
    const backend = await startProgram(lifetime, 'backend.ts');
    const recorded = await startProgram(lifetime, 'recorded.ts', backend.port);
    const memory: ProxyMemory = { requests, heap: [], rss: [] };
    const look = async () => {
      const { heap, rss } = await recorded.usage();
      memory.heap.push(heap);
      memory.rss.push(rss);
    };
    await load(recorded.port, '/1000', CONNECTIONS, { requests: requests / 2 });
    await look();
    for (let fifth = 0; fifth < 5; fifth++) {
      await load(recorded.port, '/1000', CONNECTIONS, { requests: requests / 5 });
      await look();
    }
    return memory;
  } finally {
    await lifetime.end();
  }
}

interface Program {
  port: number;
  usage(): Promise<Usage>;
}

const programPath = (name: string) => fileURLToPath(new URL(`proxy-programs/${name}`, import.meta.url));

async function startProgram(lifetime: Lifetime, name: string, backendPort?: number): Promise<Program> {
  const args = backendPort === undefined ? [] : [String(backendPort)];
  const execArgv = [...process.execArgv, '--expose-gc'];
  const child = lifetime.own(fork(programPath(name), args, { execArgv }), end);
  const [message] = await once(child, 'message');
  return {
    port: listeningSchema.parse(message).port,
    usage: async () => {
      child.send('usage');
      const [answer] = await once(child, 'message');
      return usageSchema.parse(answer);
    },
  };
}

async function load(
  port: number,
  path: string,
  connections: number,
  { seconds = 0, requests = 0 }: { seconds?: number; requests?: number },
): Promise<Load> {
  const child = fork(programPath('load.ts'), [port, path, connections, seconds, requests].map(String));
  try {
    const [message] = await once(child, 'message');
    return loadSchema.parse(message);
  } finally {
    await end(child);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}
