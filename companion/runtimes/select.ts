import { VitrineError } from '#shared/errors.ts';
import type { RuntimeName } from '#shared/identifiers.ts';
import type { Runtime } from './runtime.ts';

/** What to do when a runtime that was asked for cannot be used. */
const REMEDIES: Record<RuntimeName, string> = {
  process: 'Set isolation.backend.runtime to auto in .vibe-kanban/environment.yaml.',
  docker: 'Start Docker, or set isolation.backend.runtime to process in .vibe-kanban/environment.yaml.',
  swarm: 'Set isolation.backend.runtime to docker or process in .vibe-kanban/environment.yaml.',
};

export interface RuntimeChoice {
  /** `isolation.backend.runtime`. */
  preferred: 'auto' | RuntimeName;
  /** A service runs in an image, which only an engine of containers has. */
  needsImages: boolean;
}

/**
 * The runtime for an attempt. `auto` is the embedded default, which needs nothing installed, unless a service needs
 * an image and there is an engine for it. Throws RUNTIME_UNAVAILABLE when the one asked for does not exist or does
 * not work on this machine.
 */
export async function selectRuntime(
  { preferred, needsImages }: RuntimeChoice,
  runtimes: ReadonlyMap<RuntimeName, Runtime>,
  signal?: AbortSignal,
): Promise<Runtime> {
  if (preferred === 'auto' && needsImages) {
    const engine = runtimes.get('docker');
    if ((await engine?.probe(signal))?.available && engine) return engine;
  }
  const name = preferred === 'auto' ? 'process' : preferred;
  const runtime = runtimes.get(name);
  if (!runtime) throw unavailable(name, 'this version has none of that name');
  const { available, detail } = await runtime.probe(signal);
  if (!available) throw unavailable(name, detail);
  return runtime;
}

function unavailable(name: RuntimeName, why: string): VitrineError {
  return new VitrineError({
    code: 'RUNTIME_UNAVAILABLE',
    message: `The runtime "${name}" cannot be used: ${why}`,
    remedy: REMEDIES[name],
    status: 422,
  });
}
