import type { Lifetime } from '../lifetime.ts';
import { startDockerDaemon } from '../setup/docker.ts';
import { startPodmanService } from '../setup/podman.ts';

/** Something that keeps environments apart, to be attacked. */
export interface Ground {
  name: string;
  runtime: 'process' | 'docker';
  /** Whether it says that the memory limit ended one of a backend's processes. Podman has no event for it. */
  tellsOfMemory: boolean;
  /** Brings the engine up and returns the variables that lead a companion to it. */
  start(lifetime: Lifetime): Promise<NodeJS.ProcessEnv>;
}

/** Everything that runs pods on Linux. */
export const GROUNDS: Ground[] = [
  { name: 'bubblewrap', runtime: 'process', tellsOfMemory: true, start: async () => ({}) },
  {
    name: 'Docker',
    runtime: 'docker',
    tellsOfMemory: true,
    start: (lifetime) => engine(lifetime, startDockerDaemon),
  },
  {
    name: 'Podman',
    runtime: 'docker',
    tellsOfMemory: false,
    start: (lifetime) => engine(lifetime, startPodmanService),
  },
];

async function engine(
  lifetime: Lifetime,
  start: () => Promise<{ socketPath: string; stop(): Promise<void> }>,
): Promise<NodeJS.ProcessEnv> {
  const { socketPath } = lifetime.own(await start(), (daemon) => daemon.stop());
  return { DOCKER_HOST: `unix://${socketPath}` };
}
