import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DockerDaemon, startDockerDaemon } from '../../../e2e/setup/docker.ts';
import { PodPorts } from '../../detection/pod-ports.ts';
import { LOCAL_NODE_IMAGE } from '../../runtimes/docker/node-image.ts';
import { DockerRuntime } from '../../runtimes/docker/runtime.ts';
import { get } from '../../runtimes/pod-fixture.ts';
import type { Pod } from '../../runtimes/runtime.ts';
import { LIMITS, plan } from './pod-fixture.ts';
import { Services } from './services.ts';

let daemon: DockerDaemon;
let base: string;
let pod: Pod;
const signal = AbortSignal.timeout(110_000);

beforeAll(async () => {
  daemon = await startDockerDaemon();
  base = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-services-')));
  for (const name of ['tree', 'data', 'run', 'state']) await mkdir(join(base, name));
  pod = await new DockerRuntime({
    stateDirectory: join(base, 'state'),
    socketPath: daemon.socketPath,
  }).createPod(
    {
      environmentId: 'services-test',
      secret: 's'.repeat(43),
      worktree: join(base, 'tree'),
      dataDirectory: join(base, 'data'),
      runDirectory: join(base, 'run'),
      mounts: [],
      limits: LIMITS,
      hostNames: ['store', 'backend'],
    },
    signal,
  );
});
afterAll(async () => {
  await pod?.destroy();
  await daemon?.stop();
  await rm(base, { recursive: true, force: true });
});

test('a service runs what its image says, is found by its name, and copies of another listen on ports of their own', async () => {
  const serve = (answer: string) =>
    `require('http').createServer(async (q, r) => r.end(String(${answer}))).listen(process.env.PORT, '127.0.0.1')`;
  await writeFile(
    join(base, 'tree/Dockerfile'),
    `FROM ${LOCAL_NODE_IMAGE}\nENV STOCK=apples\nCMD ["node", "-e", ${JSON.stringify(serve('process.env.STOCK'))}]\n`,
  );
  const cwd = join(base, 'tree');
  const store = plan(cwd, {
    name: 'store',
    port: 6100,
    command: [],
    image: { dockerfile: join(cwd, 'Dockerfile'), context: cwd },
  });
  const answer = "process.env.PORT + ' ' + (await (await fetch('http://store:6100')).text())";
  const backend = plan(cwd, { replicas: 2, command: ['node', '-e', serve(answer)] });
  const services = new Services(
    [store, backend].map((each) => ({ plan: each, command: each.command, env: (names) => names })),
    {
      pod,
      limits: LIMITS,
      ports: new PodPorts([3000, 6100]),
      isIdle: () => false,
      limitOf: () => undefined,
      onLine: () => undefined,
      onState: () => undefined,
    },
  );
  try {
    services.start();
    await services.settled(signal);
    expect(services.failure).toBeUndefined();
    const ports = services.groups[1]?.replicas.map(({ port }) => port) ?? [];
    expect(ports).toEqual([3000, 28_100]);
    expect(await Promise.all(ports.map((port) => get(pod, port)))).toEqual(['3000 apples', '28100 apples']);
  } finally {
    await services.close();
  }
});
