import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { BackendConfig, EnvironmentConfig } from '#shared/config/environment-config.ts';
import { VitrineError } from '#shared/errors.ts';
import type { ServiceImage } from '../runtimes/runtime.ts';
import { isInside } from '../worktrees/is-inside.ts';
import type { DetectedBackend } from './detect-backend.ts';
import { BUILDER_PORT, PodPorts } from './pod-ports.ts';
import { runsImagesOwn, type ServicePlan } from './service-plan.ts';

/** The service of this name takes the preview's requests; without one, the last that listens and has a command. */
export const MAIN_SERVICE = 'backend';

/** What the schema has for `isolation.preview.default_port`. */
const DEFAULT_PORT = 3_000;

export interface PlannedServices {
  /** In the order in which they start. */
  services: ServicePlan[];
  /** Name of the one that takes requests no other's paths claim; null when none listens. */
  main: string | null;
  /** Keys that are set and say nothing, one sentence each. */
  notes: string[];
}

type ServiceKeys = BackendConfig['services'][string];

interface Draft {
  name: string;
  /** Key in the configuration, for messages. */
  at: string;
  keys: ServiceKeys;
  command: string | string[];
  cwd: string;
  reason: string;
}

export interface ServicePlanning {
  worktree: string;
  config: Pick<EnvironmentConfig['isolation'], 'backend' | 'preview'>;
  detect(): Promise<DetectedBackend | null>;
  /** Path prefixes of the main service when the configuration names none. */
  defaultPaths(): Promise<string[]>;
  /** Where the frontend expects a detected backend, which may listen there whatever PORT says. */
  wishedPort?(): Promise<number | undefined>;
}

/**
 * The services of a project, in the order in which they start: those under `isolation.backend.services` as they
 * are written, then the backend that `isolation.backend` itself configures or detection finds. Detection is left
 * out when one of the services has a command (the list is the whole then) or is called `backend`.
 */
export async function planServices(planning: ServicePlanning): Promise<PlannedServices> {
  const { backend, preview } = planning.config;
  const listed = await Promise.all(
    Object.entries(backend.services).map(([name, keys]) => draftListed(planning.worktree, name, keys)),
  );
  const isWhole = Object.entries(backend.services).some(
    ([name, { command }]) => command !== undefined || name === MAIN_SERVICE,
  );
  const own = await draftOwn(planning, isWhole);
  if (own && MAIN_SERVICE in backend.services) throw nameTwice();
  const drafts = own ? [...listed, own] : listed;
  const isTold = preview.default_port !== DEFAULT_PORT || backend.command !== undefined;
  const wished = isTold ? undefined : await planning.wishedPort?.();
  const services = await withPorts(drafts, planning.worktree, wished ?? preview.default_port);
  const main = mainOf(services);
  if (main) {
    const ownPaths = drafts.find(({ name }) => name === main.name)?.keys.paths ?? backend.paths;
    main.paths = ownPaths ?? (await planning.defaultPaths());
  }
  return {
    services,
    main: main?.name ?? null,
    notes: own || !isWhole ? [] : keysInVain(backend),
  };
}

const mainOf = (services: ServicePlan[]): ServicePlan | undefined =>
  services.find(({ name }) => name === MAIN_SERVICE) ??
  services.findLast((service) => service.port !== null && !runsImagesOwn(service)) ??
  services.findLast(({ port }) => port !== null);

async function draftListed(worktree: string, name: string, keys: ServiceKeys): Promise<Draft> {
  const at = `isolation.backend.services.${name}`;
  if (keys.command === undefined && keys.image === undefined && keys.dockerfile === undefined) {
    throw new VitrineError({
      code: 'SERVICE_INCOMPLETE',
      message: `${at} has neither a command nor an image.`,
      remedy: 'Give it a command, an image or a dockerfile, or remove it.',
      status: 422,
    });
  }
  const cwd = directoryOf(worktree, at, keys.directory);
  return { name, at, keys, command: keys.command ?? [], cwd, reason: at };
}

/** The backend of the keys directly below `isolation.backend`: configured, or detected. */
async function draftOwn(
  { worktree, config, detect }: ServicePlanning,
  isWhole: boolean,
): Promise<Draft | null> {
  const { backend } = config;
  const common = { name: MAIN_SERVICE, at: 'isolation.backend', keys: backend };
  if (backend.command !== undefined) {
    const cwd = directoryOf(worktree, common.at, backend.directory);
    return { ...common, command: backend.command, cwd, reason: 'isolation.backend.command' };
  }
  if (isWhole) return null;
  const found = await detect();
  if (found) {
    const hint = await unusedDockerfile(backend, found.cwd);
    return { ...common, command: found.command, cwd: found.cwd, reason: found.reason + hint };
  }
  const from = backend.dockerfile !== undefined ? 'dockerfile' : 'image';
  if (backend[from] === undefined) return null;
  const cwd = directoryOf(worktree, common.at, backend.directory);
  return { ...common, command: [], cwd, reason: `isolation.backend.${from}` };
}

async function unusedDockerfile(backend: BackendConfig, cwd: string): Promise<string> {
  if (backend.runtime !== 'docker' || backend.dockerfile !== undefined || backend.image !== undefined)
    return '';
  const isThere = await stat(join(cwd, 'Dockerfile')).then(
    (entry) => entry.isFile(),
    () => false,
  );
  return isThere ? ' (its Dockerfile is used once isolation.backend.dockerfile names it)' : '';
}

/** Ports that are given by number first, so that the others keep out of their way. */
async function withPorts(drafts: Draft[], worktree: string, defaultPort: number): Promise<ServicePlan[]> {
  const ports = new PodPorts();
  const holders = new Map([[BUILDER_PORT, 'the builder of the frontend']]);
  for (const { at, keys } of drafts) {
    if (keys.port === undefined) continue;
    if (!ports.claim(keys.port)) throw portTwice(at, keys.port, holders.get(keys.port) ?? 'another service');
    holders.set(keys.port, at);
  }
  const byWish = drafts.toSorted((a, b) => Number(b.name === MAIN_SERVICE) - Number(a.name === MAIN_SERVICE));
  const given = new Map(
    byWish.map((draft) => [draft, draft.keys.port ?? (listens(draft) ? ports.take(defaultPort) : null)]),
  );
  return Promise.all(
    drafts.map(async (draft) => ({
      name: draft.name,
      command: draft.command,
      cwd: draft.cwd,
      port: given.get(draft) ?? null,
      image: await imageOf(worktree, draft),
      env: draft.keys.env,
      health: draft.keys.health,
      replicas: draft.keys.replicas,
      paths: draft.keys.paths ?? [],
      reason: draft.reason,
    })),
  );
}

/** Whether a service without a port in the configuration is one that listens, and gets one. */
const listens = ({ name, keys }: Draft): boolean =>
  name === MAIN_SERVICE || keys.health.path !== undefined || (keys.paths ?? []).length > 0;

async function imageOf(worktree: string, { at, keys }: Draft): Promise<ServiceImage | undefined> {
  const { image, dockerfile } = keys;
  if (image !== undefined && dockerfile !== undefined) {
    throw new VitrineError({
      code: 'SERVICE_IMAGE_TWICE',
      message: `${at} names both an image and a dockerfile.`,
      remedy: 'Keep one of them.',
      status: 422,
    });
  }
  if (image !== undefined) return { name: image };
  if (dockerfile === undefined) return undefined;
  const path = resolve(worktree, dockerfile);
  const isFile = isInside(worktree, path) && (await stat(path).catch(() => null))?.isFile();
  if (isFile) return { dockerfile: path, context: dirname(path) };
  throw new VitrineError({
    code: 'DOCKERFILE_MISSING',
    message: `${at}.dockerfile names "${dockerfile}", which is not a file of the worktree.`,
    remedy: 'Correct the path in .vibe-kanban/environment.yaml; it is relative to the worktree.',
    status: 422,
  });
}

function directoryOf(worktree: string, at: string, directory = '.'): string {
  const cwd = resolve(worktree, directory);
  if (isInside(worktree, cwd)) return cwd;
  throw new VitrineError({
    code: 'BACKEND_DIRECTORY_OUTSIDE',
    message: `${at}.directory names "${directory}", which is outside the worktree.`,
    remedy: 'Give a directory relative to the worktree.',
    status: 422,
  });
}

/** Keys of the backend itself, where the list of services is all there is. */
function keysInVain(backend: BackendConfig): string[] {
  const set: [string, boolean][] = [
    ['directory', backend.directory !== undefined],
    ['image', backend.image !== undefined],
    ['dockerfile', backend.dockerfile !== undefined],
    ['port', backend.port !== undefined],
    ['env', Object.keys(backend.env).length > 0],
    ['health.path', backend.health.path !== undefined],
    ['replicas', backend.replicas > 1],
  ];
  return set.flatMap(([key, isSet]) =>
    isSet
      ? [
          `isolation.backend.${key} says nothing: the services have commands of their own. Move it to one of them.`,
        ]
      : [],
  );
}

const portTwice = (at: string, port: number, holder: string) =>
  new VitrineError({
    code: 'SERVICE_PORT_TAKEN',
    message: `${at}.port is ${port}, which ${holder} has already: all services of a preview share one network.`,
    remedy: 'Give each service a port of its own.',
    status: 422,
  });

const nameTwice = () =>
  new VitrineError({
    code: 'SERVICE_NAME_TAKEN',
    message: 'isolation.backend.command and isolation.backend.services.backend are two services of one name.',
    remedy: 'Keep one of them, or call the one under services something else.',
    status: 422,
  });

/** Refuses a plan that needs images where the runtime has none. Throws SERVICE_NEEDS_DOCKER. */
export function requireImages(services: ServicePlan[], runtime: string): void {
  if (runtime !== 'process') return;
  const needy = services.find(({ image }) => image !== undefined);
  if (!needy) return;
  const orRemove = runsImagesOwn(needy)
    ? `run ${needy.name} yourself and give the others its address in env`
    : `remove the image of ${needy.name}, so that its command runs without one`;
  throw new VitrineError({
    code: 'SERVICE_NEEDS_DOCKER',
    message: `The service "${needy.name}" runs in an image, and the runtime "process" has none.`,
    remedy: `Start Docker and set isolation.backend.runtime to docker in .vibe-kanban/environment.yaml, or ${orRemove}.`,
    status: 422,
  });
}
