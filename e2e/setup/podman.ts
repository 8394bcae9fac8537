import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DockerDaemon, untilAnswers } from './docker.ts';
import { findProgram } from './requirements.ts';

const STOP_DEADLINE_MS = 10_000;

const CONFIGURATION = `[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`;

/** Podman's service for tests, with all its data in a temporary directory. Rejects where Podman is missing. */
export async function startPodmanService(): Promise<DockerDaemon> {
  const program = await findProgram(['podman']);
  if (!program)
    throw new Error('Expected podman to be installed (Debian packages podman, runc and catatonit)');
  const directory = await mkdtemp(join(tmpdir(), 'vitrine-podman-'));
  const socketPath = join(directory, 'podman.sock');
  const logFile = join(directory, 'log');
  const configuration = join(directory, 'containers.conf');
  await writeFile(configuration, CONFIGURATION);
  const log = openSync(logFile, 'w');
  const places = ['root', 'runroot', 'tmpdir'].flatMap((name) => [`--${name}`, join(directory, name)]);
  const run = (args: string[]) =>
    spawn(program, [...places, ...args], {
      stdio: ['ignore', log, log],
      detached: true,
      // conmon writes a file into its directory when something ran out of memory.
      cwd: directory,
      env: { ...process.env, CONTAINERS_CONF: configuration },
    });
  const service = run(['system', 'service', '--time', '0', `unix://${socketPath}`]);
  const ended = once(service, 'exit');
  ended.catch(() => {}); // told by the wait for its answer
  const stop = async () => {
    service.kill('SIGTERM');
    await Promise.race([ended, delay(STOP_DEADLINE_MS)]).catch(() => {});
    service.kill('SIGKILL');
    // What a test left would keep its mounts.
    await once(run(['rm', '--all', '--force', '--time', '0']), 'exit').catch(() => {});
    closeSync(log);
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await Promise.race([
      untilAnswers(socketPath),
      ended.then(() => Promise.reject(new Error('podman ended'))),
    ]);
    return { socketPath, stop };
  } catch (cause) {
    const said = (await readFile(logFile, 'utf8').catch(() => '')).slice(-2_000);
    await stop();
    throw new Error(`podman did not start. It said:\n${said}`, { cause });
  }
}
