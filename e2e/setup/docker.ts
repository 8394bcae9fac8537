import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findProgram } from './requirements.ts';

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

/**
 * A Docker daemon for tests: the one that answers already (DOCKER_HOST, or the usual socket), else a new one with
 * all its data in a temporary directory. That one has no bridge and touches no firewall: the containers under test
 * have no network.
 */
export async function startDockerDaemon(): Promise<DockerDaemon> {
  const running = await runningDaemon();
  if (running) return { socketPath: running, stop: async () => {} };

  const program = await findProgram(['dockerd']);
  if (!program) throw new Error('Expected dockerd to be installed (Debian package docker.io)');
  const directory = await mkdtemp(join(tmpdir(), 'vitrine-dockerd-'));
  const socketPath = join(directory, 'docker.sock');
  const logFile = join(directory, 'log');
  const log = openSync(logFile, 'w');
  const daemon = spawn(
    program,
    [
      ...['--host', `unix://${socketPath}`, '--pidfile', join(directory, 'pid')],
      ...['--data-root', join(directory, 'data'), '--exec-root', join(directory, 'exec')],
      ...['--bridge=none', '--iptables=false', '--ip6tables=false'],
    ],
    { stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
  const failed = Promise.withResolvers<never>();
  const ended = once(daemon, 'exit').catch(() => {});
  daemon.once('error', failed.reject);
  void ended.then(() => failed.reject(new Error('dockerd ended')));
  failed.promise.catch(() => {}); // only of interest until it answers

  const stop = async () => {
    if (daemon.exitCode === null && daemon.signalCode === null && daemon.pid !== undefined) {
      daemon.kill('SIGTERM');
      const over = new AbortController();
      const limit = delay(STOP_DEADLINE_MS, undefined, { signal: over.signal }).catch(() => {});
      await Promise.race([ended, limit]);
      over.abort();
      daemon.kill('SIGKILL');
    }
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await Promise.race([untilAnswers(socketPath), failed.promise]);
    return { socketPath, stop };
  } catch (cause) {
    const said = (await readFile(logFile, 'utf8').catch(() => '')).slice(-2_000);
    await stop();
    throw new Error(`dockerd did not start. It said:\n${said}`, { cause });
  }
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
