import { type Engine, settled } from './engine.ts';

/** Removes every container and volume with a label (`name=value`), those of `except` (label values) excluded. */
export async function removeLabelled(
  engine: Engine,
  labels: string[],
  except?: { label: string; values: ReadonlySet<string> },
): Promise<void> {
  const isKept = (own: Record<string, string> | null | undefined) =>
    except?.values.has(own?.[except.label] ?? '') ?? false;
  const filters = { label: labels };
  const containers = await engine.call(
    'list containers',
    engine.docker.listContainers({ all: true, filters }),
  );
  await Promise.all(
    containers
      .filter(({ Labels }) => !isKept(Labels))
      .map(({ Id }) => {
        const container = engine.docker.getContainer(Id);
        return settled(engine.call('remove a container', container.remove({ force: true, v: true })));
      }),
  );
  // After the containers that use them.
  const { Volumes } = await engine.call(
    'list volumes',
    engine.docker.listVolumes({ filters: JSON.stringify(filters) }),
  );
  await Promise.all(
    (Volumes ?? [])
      .filter(({ Labels }) => !isKept(Labels))
      .map(({ Name }) => settled(engine.call('remove a volume', engine.docker.getVolume(Name).remove()))),
  );
}
