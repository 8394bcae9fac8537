import type { ServiceSpec } from '../runtime.ts';
import { claimScript } from './claim-script.ts';
import type { Connection } from './connection.ts';
import { type ContainerListeners, type RunningContainer, runContainer } from './container.ts';
import type { ContainerPlan } from './container-options.ts';

/** What waits in it. */
export const SHELL = '/bin/sh';

/** A started container whose shell waits to be told what to become. */
export interface Blank {
  readonly container: RunningContainer;
  /** False once it ended. */
  isThere(): boolean;
  /** Makes it the service. Its end and output are the service's from then on. */
  claim(argv: string[], cwd: string, env: Record<string, string>, listeners: ContainerListeners): void;
}

export type BlankPlan = Omit<ContainerPlan, 'argv' | 'cwd' | 'env' | 'stdin'>;

/**
 * Starts a blank container. Everything a service adds to it (command, directory, environment with its secrets)
 * comes over its standard input, which also ends it when the companion does.
 */
export async function startBlank(
  { engine, events }: Connection,
  plan: BlankPlan,
  signal: AbortSignal,
): Promise<Blank> {
  let owner: ContainerListeners | null = null;
  let isThere = true;
  const container = await runContainer(
    engine,
    events,
    {
      ...plan,
      // Podman puts the body of the request to attach before what is written: the first line is nobody's.
      argv: [SHELL, '-c', `read -r ignored; exec ${SHELL}`],
      cwd: '/',
      // The init then passes signals on to the whole process group.
      env: { TINI_KILL_PROCESS_GROUP: '1' },
      stdin: true,
    },
    {
      onOutput: (line, stream) => owner?.onOutput?.(line, stream),
      onOutOfMemory: () => owner?.onOutOfMemory?.(),
    },
    signal,
  );
  void container.exited.then(() => {
    isThere = false;
  });
  return {
    container,
    isThere: () => isThere,
    claim: (argv, cwd, env, listeners) => {
      owner = listeners;
      container.input?.write(`\n${claimScript(argv, cwd, env)}`);
    },
  };
}

/** What the service gets: the image's own variables, as a container of its own would have them, below the given. */
export function claimEnvironment(
  image: Record<string, string>,
  hostname: string,
  given: ServiceSpec['env'],
): Record<string, string> {
  return { ...image, HOSTNAME: hostname, ...given };
}
