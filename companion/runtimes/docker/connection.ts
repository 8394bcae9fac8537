import { VitrineError } from '#shared/errors.ts';
import { ContainerEvents } from './container-events.ts';
import { Engine } from './engine.ts';
import { type EngineInfo, engineInfo } from './engine-info.ts';
import { Images } from './images.ts';
import { homeLabelValue } from './labels.ts';

/** An engine and what is known of it. */
export interface Connection {
  engine: Engine;
  info: EngineInfo;
  images: Images;
  events: ContainerEvents;
}

/** Finds the engine and asks it what it can. Throws DOCKER_UNREACHABLE. */
export async function connectEngine(
  socketPath: string | undefined,
  stateDirectory: string,
): Promise<Connection> {
  const engine = await Engine.find(socketPath);
  if (!engine) {
    throw new VitrineError({
      code: 'DOCKER_UNREACHABLE',
      message:
        'No Docker or Podman was found: DOCKER_HOST is not set and there is no socket in the usual places',
      remedy: 'Install and start Docker, or set isolation.backend.runtime to process.',
      status: 502,
    });
  }
  const info = await engineInfo(engine);
  // Podman has no event for it, and answers a question for events only once there is one.
  const events = new ContainerEvents(engine, homeLabelValue(stateDirectory), !info.isPodman);
  return { engine, info, images: new Images(engine, stateDirectory), events };
}
