import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { z } from 'zod';
import { VitrineError } from '#shared/errors.ts';

/** For calls that only change or read the engine's state. Creating and starting takes 0.2 s, on a busy machine seconds. */
const CALL_DEADLINE_MS = 30_000;

const endSchema = z.object({ StatusCode: z.number() });

/** Talks to the container engine, each call with a deadline and an error a person can act on. */
export class Engine {
  readonly docker: Docker;

  constructor(docker: Docker) {
    this.docker = docker;
  }

  /**
   * Finds the engine: the socket told, DOCKER_HOST, or a socket in the usual places. Null when there is none.
   * dockerode is loaded only then: it takes 0.2 s and 20 MB that most companions never need.
   */
  static async find(socketPath?: string): Promise<Engine | null> {
    const socket = socketPath ?? (process.env.DOCKER_HOST ? undefined : usualSocket());
    if (!socket && !process.env.DOCKER_HOST) return null;
    const { default: DockerClient } = await import('dockerode');
    return new Engine(new DockerClient(socket ? { socketPath: socket } : undefined));
  }

  /**
   * Waits for an engine call, at most until the deadline. The call itself cannot be taken back: what it makes is
   * found by its label.
   */
  async call<T>(what: string, promise: Promise<T>, deadlineMs = CALL_DEADLINE_MS): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(timedOut(what, deadlineMs)), deadlineMs);
    });
    try {
      return await Promise.race([promise, deadline]);
    } catch (error) {
      throw error instanceof VitrineError ? error : engineError(what, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * The exit code of a container, once it ended. Rejects as soon as the engine goes away: the answer's head comes
   * at once and its body at the end, and dockerode's own wait() would not notice a connection cut in between.
   */
  async untilEnd(containerId: string): Promise<number> {
    const answer = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
      const request = {
        path: `/containers/${containerId}/wait?`,
        method: 'POST',
        isStream: true,
        statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
        options: {},
      };
      this.docker.modem.dial(
        request,
        (error, response) => (error ? reject(error) : resolve(response as AsyncIterable<Buffer>)), // the HTTP response: isStream
      );
    });
    let text = '';
    for await (const chunk of answer) text += chunk.toString('utf8');
    return endSchema.parse(JSON.parse(text)).StatusCode;
  }
}

/** Docker's sockets first, then Podman's: who has both has Docker on purpose. */
function usualSocket(): string | undefined {
  const runtimeDirectory = process.env.XDG_RUNTIME_DIR;
  const home = homedir();
  const places = [
    '/var/run/docker.sock',
    ...(runtimeDirectory ? [join(runtimeDirectory, 'docker.sock')] : []),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    // A companion that is root, or in the group that owns it; then the user's own service; then its machine (macOS).
    '/run/podman/podman.sock',
    ...(runtimeDirectory ? [join(runtimeDirectory, 'podman/podman.sock')] : []),
    join(home, '.local/share/containers/podman/machine/podman.sock'),
  ];
  // One that is there but refuses is better than none: its refusal says why.
  return places.find(isUsable) ?? places.find((path) => existsSync(path));
}

/** A socket that is there but not for us must not hide the next one. */
function isUsable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** HTTP status with which the engine refused a call, if that is what happened. */
export function statusOf(error: unknown): number | undefined {
  const cause = error instanceof VitrineError ? error.cause : error;
  return cause instanceof Error && 'statusCode' in cause && typeof cause.statusCode === 'number'
    ? cause.statusCode
    : undefined;
}

/** Ignores that a thing is gone (404), or already as it should be (304, 409). */
export async function settled(promise: Promise<unknown>): Promise<void> {
  try {
    await promise;
  } catch (error) {
    const isGone = error instanceof Error && /no such container/i.test(error.message); // Podman's 500
    if (!isGone && ![304, 404, 409].includes(statusOf(error) ?? 0)) throw error;
  }
}

function engineError(what: string, cause: unknown): VitrineError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const isUnreachable = /ECONNREFUSED|ENOENT|EACCES|ECONNRESET/.test(message);
  return new VitrineError({
    code: isUnreachable ? 'DOCKER_UNREACHABLE' : 'DOCKER_FAILED',
    message: `Docker could not ${what}: ${message}`,
    remedy: /container-init|catatonit/.test(message)
      ? 'Install catatonit, which Podman needs to start containers with an init.'
      : isUnreachable
        ? 'Start Docker and see that you may use it ("docker info"), or set isolation.backend.runtime to process.'
        : 'Look at the message above; "docker info" and "vitrine doctor" tell what the engine can do.',
    status: 502,
    cause,
  });
}

function timedOut(what: string, deadlineMs: number): VitrineError {
  return new VitrineError({
    code: 'DOCKER_TIMEOUT',
    message: `Docker did not ${what} within ${deadlineMs / 1000} s`,
    remedy: 'See whether "docker ps" answers; if it hangs, restart Docker.',
    status: 504,
  });
}
