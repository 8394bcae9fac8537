import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { mountsBelow, processesNaming } from '../leftovers.ts';
import { findProgram } from './requirements.ts';

const run = promisify(execFile);

const DEFAULT_SOCKET = '/var/run/docker.sock';
const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 20_000;
const PING_DEADLINE_MS = 2_000;
const LOOK_EVERY_MS = 100;

export interface DockerDaemon {
  /** For `DOCKER_HOST=unix://<socketPath>`. */
  socketPath: string;
  /** Ends the daemon and removes its data, if it was started here. */
  stop(): Promise<void>;
}

/** A daemon of one's own, which can be killed and come back. */
export interface OwnDockerDaemon extends DockerDaemon {
  /** Kills it as a crash would: what it runs goes on. */
  kill(): Promise<void>;
  /** Starts it again on the same data. */
  restart(): Promise<void>;
}

/** A Docker daemon for tests: the one that answers already (DOCKER_HOST, or the usual socket), else one of one's own. */
export async function startDockerDaemon(): Promise<DockerDaemon> {
  const running = await runningDaemon();
  if (running) return { socketPath: running, stop: async () => {} };
  return startOwnDockerDaemon();
}

/**
 * A new Docker daemon with all its data in a temporary directory. It touches no firewall, and has a bridge of its
 * own: told to have none, it would remove the one of the daemon that may run beside it.
 */
export async function startOwnDockerDaemon(): Promise<OwnDockerDaemon> {
  const program = await findProgram(['dockerd']);
  if (!program) throw new Error('Expected dockerd to be installed (Debian package docker.io)');
  const directory = await mkdtemp(join(tmpdir(), 'vitrine-dockerd-'));
  const socketPath = join(directory, 'docker.sock');
  const bridge = await addBridge();
  let daemon: Daemon | null = null;
  const start = async () => {
    daemon = await spawnDaemon(program, directory, socketPath, bridge);
  };
  const stop = async () => {
    await daemon?.end('SIGTERM');
    await endProcessesOf(directory);
    await run('ip', ['link', 'delete', bridge]);
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  const restart = async () => {
    // Its containerd dies with it. Where nobody waits for orphans, that one's pid still looks alive to a new daemon.
    await rm(join(directory, 'exec/containerd/containerd.pid'), { force: true });
    await start();
  };
  return { socketPath, stop, restart, kill: async () => daemon?.end('SIGKILL') };
}

interface Daemon {
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

async function spawnDaemon(
  program: string,
  directory: string,
  socketPath: string,
  bridge: string,
): Promise<Daemon> {
  const logFile = join(directory, 'log');
  const log = openSync(logFile, 'a');
  const daemon = spawn(
    program,
    [
      ...['--host', `unix://${socketPath}`, '--pidfile', join(directory, 'pid')],
      ...['--data-root', join(directory, 'data'), '--exec-root', join(directory, 'exec')],
      ...[`--bridge=${bridge}`, '--iptables=false', '--ip6tables=false'],
    ],
    { stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
  const failed = Promise.withResolvers<never>();
  const ended = once(daemon, 'exit').catch(() => {});
  daemon.once('error', failed.reject);
  void ended.then(() => failed.reject(new Error('dockerd ended')));
  failed.promise.catch(() => {}); // only of interest until it answers
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (daemon.exitCode !== null || daemon.signalCode !== null || daemon.pid === undefined) return;
    daemon.kill(signal);
    const over = new AbortController();
    const limit = delay(STOP_DEADLINE_MS, undefined, { signal: over.signal }).catch(() => {});
    await Promise.race([ended, limit]);
    over.abort();
    daemon.kill('SIGKILL');
  };
  try {
    await Promise.race([untilAnswers(socketPath), failed.promise]);
    return { end };
  } catch (cause) {
    const said = (await readFile(logFile, 'utf8').catch(() => '')).slice(-2_000);
    await end('SIGTERM');
    throw new Error(`dockerd did not start. It said:\n${said}`, { cause });
  }
}

/** A killed daemon leaves its containerd, that leaves its shims, and those what they run. */
async function endProcessesOf(directory: string): Promise<void> {
  const own = await processesNaming(directory);
  const parents = new Set(own.map(({ pid }) => pid));
  for (const { pid, parent } of await processes()) {
    if (parents.has(pid) || parents.has(parent)) kill(pid);
  }
  for (const path of (await mountsBelow(directory)).reverse())
    await run('umount', ['--lazy', path]).catch(() => {});
}

async function processes(): Promise<{ pid: number; parent: number }[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
      return { pid, parent };
    });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Over by now.
  }
}

let bridges = 0;

/** A bridge of a name and addresses that no other has. */
async function addBridge(): Promise<string> {
  bridges += 1;
  const name = `vtr${process.pid}-${bridges}`;
  await run('ip', ['link', 'add', name, 'type', 'bridge']);
  await run('ip', ['address', 'add', `10.${213 + bridges}.${process.pid % 250}.1/24`, 'dev', name]);
  await run('ip', ['link', 'set', name, 'up']);
  return name;
}

/** Socket of a daemon that answers already, or null. */
async function runningDaemon(): Promise<string | null> {
  const configured = /^unix:\/\/(.+)$/.exec(process.env.DOCKER_HOST ?? '')?.[1];
  for (const socketPath of [configured, DEFAULT_SOCKET]) {
    if (socketPath && (await answers(socketPath))) return socketPath;
  }
  return null;
}

export async function untilAnswers(socketPath: string): Promise<void> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (performance.now() < deadline) {
    if (await answers(socketPath)) return;
    await delay(LOOK_EVERY_MS);
  }
  throw new Error(`No answer within ${START_DEADLINE_MS / 1000} s`);
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', timeout: PING_DEADLINE_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.once('timeout', () => ping.destroy());
    ping.once('error', () => resolve(false));
    ping.once('close', () => resolve(false));
    ping.end();
  });
}
