import { containersNaming, mountsBelow, processesNaming } from './leftovers.ts';
import { postgresPlace } from './postgres-place.ts';
import { waitUntil } from './wait-until.ts';

export interface CompanionPlace {
  /** Its state directory. */
  home: string;
  /** Of the Docker daemon it was given. */
  dockerSocket: string | undefined;
  /** Its process, where that goes on: neither it nor its database server is left over then. */
  pid?: number;
}

/** Processes, containers and mounts that name the state directory of a companion. */
export async function leftoversOf({ home, dockerSocket, pid: own }: CompanionPlace): Promise<string[]> {
  const postgres = await postgresPlace(home);
  const processes = [
    ...(await processesNaming(home)).filter(({ pid }) => pid !== own),
    ...(postgres && own === undefined ? await processesNaming(postgres.directory) : []),
  ];
  const containers = dockerSocket ? await containersNaming(home, dockerSocket) : [];
  return [
    ...processes.map(({ pid, command }) => `process ${pid}: ${command}`),
    ...containers.map((id) => `container ${id}`),
    ...(await mountsBelow(home)).map((point) => `mount ${point}`),
  ];
}

/** Waits until a list has nothing in it. Rejects with what stays. */
export async function untilEmpty(list: () => Promise<string[]>, deadlineMs: number): Promise<void> {
  let left: string[] = [];
  const isEmpty = async () => {
    left = await list();
    return left.length === 0;
  };
  await waitUntil(isEmpty, { what: 'everything to end', deadlineMs }).catch((cause) => {
    throw new Error(`The companion left behind:\n${left.join('\n')}`, { cause });
  });
}
