import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { processesNaming, type RunningProcess } from '../leftovers.ts';
import { postgresPlace } from '../postgres-place.ts';
import type { ChaosAttempt, World } from './world.ts';

const REQUEST_DEADLINE_MS = 30_000;
const SNAPSHOT = 'kept';
/** How long a daemon stays away, at most. */
const MAX_ABSENCE_MS = 1_500;

/** Something that is done to one attempt, or to all. Resolves with what happened; rejects when it could not be done. */
export interface Act {
  name: string;
  weight: number;
  /** Needs an environment. */
  needsEnvironment: boolean;
  run(world: World, attempt: ChaosAttempt): Promise<string>;
}

export const ACTS: Act[] = [
  act('create', 5, false, async ({ companion }, attempt) => {
    const { name, worktree } = attempt;
    const created = await companion.create({ taskId: name, agentId: 'chaos', title: name, worktree });
    attempt.environmentId = created.environmentId;
    return created.environmentId;
  }),
  act('request', 5, true, async ({ companion }, attempt) => {
    const call = { path: '/api/who', deadlineMs: REQUEST_DEADLINE_MS };
    const { status, body } = await companion.request(idOf(attempt), call);
    if (status === 200 && body !== attempt.name)
      throw new WrongAnswer(`${attempt.name} got the answer of ${body}`);
    return String(status);
  }),
  act('suspend', 3, true, ({ companion }, attempt) => said(companion.suspend(idOf(attempt)))),
  act('resume', 2, true, ({ companion }, attempt) => said(companion.resume(idOf(attempt)))),
  act('restart', 2, true, ({ companion }, attempt) => said(companion.restartEnvironment(idOf(attempt)))),
  act('terminate', 2, true, async ({ companion }, attempt) => {
    const id = idOf(attempt);
    attempt.environmentId = undefined;
    await companion.terminate(id);
    return id;
  }),
  act('reset the database', 1, true, ({ companion }, attempt) =>
    said(companion.resetDatabase(idOf(attempt))),
  ),
  act('keep a snapshot', 1, true, ({ companion }, attempt) =>
    said(companion.keepSnapshot(idOf(attempt), SNAPSHOT)),
  ),
  act('restore the snapshot', 1, true, ({ companion }, attempt) =>
    said(companion.restoreSnapshot(idOf(attempt), SNAPSHOT)),
  ),
  act('kill the service', 2, true, (_world, attempt) =>
    killOne(attempt, ({ command }) => command.startsWith('node server.js')),
  ),
  act('kill the builder', 1, true, (_world, attempt) =>
    killOne(attempt, ({ command }) => /builder/.test(command) && !/^bwrap|podman|docker-init/.test(command)),
  ),
  act('kill the sandbox', 2, true, killSandbox),
  act('kill the companion', 1, false, async (world) => {
    world.isCompanionDown = true;
    try {
      await world.companion.kill();
      await world.companion.restart();
    } finally {
      world.isCompanionDown = false;
    }
    return 'restarted';
  }),
  act('kill the Docker daemon', 1, false, (world) => bounceDocker(world, 'SIGKILL')),
  act('restart the Docker daemon', 1, false, (world) => bounceDocker(world, 'SIGTERM')),
  act('kill the PostgreSQL server', 1, false, async ({ companion }) => {
    const place = await postgresPlace(companion.home);
    const running = place ? await processesNaming(place.directory) : [];
    const server = running.find(({ command }) => /bin\/postgres /.test(command));
    return server ? kill(server) : 'there is none';
  }),
];

/** A request was answered by somebody else's backend: never excusable. */
export class WrongAnswer extends Error {}

function act(name: string, weight: number, needsEnvironment: boolean, run: Act['run']): Act {
  return { name, weight, needsEnvironment, run };
}

function idOf({ environmentId, name }: ChaosAttempt): string {
  if (environmentId === undefined) throw new Error(`${name} has no environment any more`);
  return environmentId;
}

const said = (call: Promise<void>): Promise<string> => call.then(() => 'done');

/** Of what provably belongs to the attempt's environment: it names its private directory. */
async function killOne(
  attempt: ChaosAttempt,
  isWanted: (process: RunningProcess) => boolean,
): Promise<string> {
  const found = (await processesNaming(`environments/${idOf(attempt)}`)).filter(isWanted);
  const [victim] = found;
  return victim ? kill(victim) : 'there is none';
}

/** What holds a pod together: the supervisor's sandbox, or the gateway's container. */
async function killSandbox({ docker, random }: World, attempt: ChaosAttempt): Promise<string> {
  const id = idOf(attempt);
  if (attempt.runtime === 'process') {
    const own = (await processesNaming(`environments/${id}`)).filter(({ command }) =>
      /^bwrap|supervisor/.test(command),
    );
    return own.length > 0 ? kill(random.pick(own)) : 'there is none';
  }
  if (!docker.isUp) return 'the daemon is down';
  const engine = new Docker({ socketPath: docker.socketPath, timeout: REQUEST_DEADLINE_MS });
  const containers = await engine.listContainers({ filters: { label: [`com.vitrine.environment=${id}`] } });
  const gateway = containers.find(({ Names }) => Names.some((name) => name.endsWith('-pod')));
  if (!gateway) return 'there is none';
  await engine.getContainer(gateway.Id).kill();
  return `killed container ${gateway.Id.slice(0, 12)}`;
}

async function bounceDocker({ docker, random }: World, signal: 'SIGKILL' | 'SIGTERM'): Promise<string> {
  if (!docker.isUp) return 'it is down already';
  const absence = random.whole(MAX_ABSENCE_MS);
  await docker.end(signal);
  await delay(absence);
  await docker.launch(); // at once when another act did so
  return `back after ${absence} ms`;
}

function kill({ pid, command }: RunningProcess): string {
  process.kill(pid, 'SIGKILL');
  return `killed ${pid}: ${command.slice(0, 60)}`;
}
