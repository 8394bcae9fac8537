import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type DockerDaemon, startDockerDaemon } from '../../../e2e/setup/docker.ts';
import { makePlace, makePod, type Place, podSpec, start } from '../pod-fixture.ts';
import type { PodSpec } from '../runtime.ts';
import { BUILD_LABEL } from './labels.ts';
import { LOCAL_NODE_IMAGE } from './node-image.ts';
import { DockerRuntime } from './runtime.ts';

const state = mkdtempSync(join(tmpdir(), 'vitrine-state-'));
let daemon: DockerDaemon;
let docker: Docker;
let runtime: DockerRuntime;

beforeAll(async () => {
  daemon = await startDockerDaemon();
  docker = new Docker({ socketPath: daemon.socketPath });
  runtime = new DockerRuntime({ stateDirectory: state, socketPath: daemon.socketPath });
  // The default image, which the ones of the tests are made from.
  const place = await mkdtempPlace();
  const pod = await runtime.createPod(podSpec(place), AbortSignal.timeout(60_000));
  await pod.destroy();
  await rm(place.base, { recursive: true, force: true });
});

afterAll(async () => {
  const built = await docker.listImages({ filters: JSON.stringify({ label: [BUILD_LABEL] }) });
  await Promise.allSettled(built.map(({ Id }) => docker.getImage(Id).remove({ force: true })));
  await daemon?.stop();
  rmSync(state, { recursive: true, force: true });
});

async function mkdtempPlace(): Promise<Place> {
  const base = mkdtempSync(join(tmpdir(), 'vitrine-pod-'));
  const place = {
    base,
    worktree: join(base, 'app'),
    dataDirectory: join(base, 'data'),
    runDirectory: join(base, 'run'),
  };
  await Promise.all([mkdir(place.worktree), mkdir(place.dataDirectory)]);
  return place;
}

/** Builds what the Dockerfile says and answers what its service printed. */
async function runBuilt(place: Place, options: { spec?: Partial<PodSpec>; dockerfile?: string } = {}) {
  const pod = await makePod(runtime, { ...podSpec(place), ...options.spec });
  const service = await start(pod, {
    command: [],
    cwd: place.worktree,
    image: { dockerfile: options.dockerfile ?? 'Dockerfile', context: '.' },
  });
  const exit = await service.exited;
  return { lines: service.lines, exit, pod };
}

const isBuilding = (lines: string[]) => lines.some((line) => line.startsWith('Step 1/'));

describe('images of a Dockerfile', () => {
  test('are built from the worktree without what .dockerignore names, and only once for the same content', async () => {
    const place = await makePlace();
    await writeFile(join(place.worktree, 'answer.txt'), 'forty-two');
    await mkdir(join(place.worktree, 'node_modules'));
    await writeFile(join(place.worktree, 'node_modules', 'heavy'), 'x');
    await writeFile(join(place.worktree, '.dockerignore'), 'node_modules\nDockerfile\n');
    await writeFile(
      join(place.worktree, 'Dockerfile'),
      `FROM ${LOCAL_NODE_IMAGE}\nWORKDIR /app\nCOPY . .\nRUN echo built > made\nCMD ["sh", "-c", "pwd; cat answer.txt; echo; cat made; ls -A"]\n`,
    );
    const first = await runBuilt(place);
    expect(first.exit).toMatchObject({ code: 0 });
    expect(isBuilding(first.lines)).toBe(true);
    expect(first.lines.slice(-5)).toEqual(['/app', 'forty-two', 'built', 'answer.txt', 'made']);
    const second = await runBuilt(place);
    expect(second.lines).toEqual(['/app', 'forty-two', 'built', 'answer.txt', 'made']);
    await writeFile(join(place.worktree, 'answer.txt'), 'forty-three');
    const third = await runBuilt(place);
    expect(isBuilding(third.lines)).toBe(true);
    expect(third.lines).toContain('forty-three');
  });

  test('one that the worktree no longer needs is removed', async () => {
    const place = await makePlace();
    const images = async () => {
      const filters = JSON.stringify({ label: [BUILD_LABEL] });
      return (await docker.listImages({ filters })).flatMap(({ RepoTags }) => RepoTags ?? []);
    };
    const before = await images();
    for (const content of ['one', 'two', 'three']) {
      await writeFile(
        join(place.worktree, 'Dockerfile'),
        `FROM ${LOCAL_NODE_IMAGE}\nCMD ["echo", "${content}"]\n`,
      );
      const { lines, pod } = await runBuilt(place);
      expect(lines.at(-1)).toBe(content);
      await pod.destroy();
    }
    expect(await images()).toHaveLength(before.length + 1);
  });

  test('a step that fails is named, with what it printed last', async () => {
    const place = await makePlace();
    await writeFile(
      join(place.worktree, 'Dockerfile'),
      `FROM ${LOCAL_NODE_IMAGE}\nRUN echo first\nRUN echo "the reason" && exit 3\n`,
    );
    await expect(runBuilt(place)).rejects.toMatchObject({
      code: 'IMAGE_BUILD_FAILED',
      message: expect.stringMatching(/Step 3\/\d+ : RUN echo "the reason"[\s\S]*the reason/),
    });
  });

  test('what it runs reaches no network but the pod’s own way out', async () => {
    const place = await makePlace();
    const probe = `const n = require('net'); const s = n.connect(80, '198.51.100.1'); s.on('error', (e) => { console.log('DIRECT', e.code);
      const [, host, port] = /http:..([^:]+):(\\d+)/.exec(process.env.HTTP_PROXY); n.connect(port, host).on('data', (d) => console.log('PROXY', String(d))); });`;
    await writeFile(join(place.worktree, 'probe.js'), probe);
    await writeFile(
      join(place.worktree, 'Dockerfile'),
      `FROM ${LOCAL_NODE_IMAGE}\nCOPY probe.js /\nRUN node /probe.js\nCMD ["env"]\n`,
    );
    const { lines } = await runBuilt(place, {
      spec: {
        outlets: [{ name: 'egress', port: 3128, accept: (connection) => connection.end('companion') }],
      },
    });
    expect(lines).toContain('DIRECT ENETUNREACH');
    expect(lines).toContain('PROXY companion');
    expect(lines.filter((line) => /^HTTP_PROXY=/.test(line))).toEqual([]);
  });

  test('nothing that the engine itself would fetch is let through', async () => {
    const place = await makePlace();
    const refused = [
      'ADD http://127.0.0.1:2375/info /x',
      'add --chown=1:1 https://example.com/x /x',
      'AD\\\nD http://example.com/x /x',
      'ARG A=http://example.com\nADD $A /x',
      'ONBUILD ADD http://example.com/x /x',
      'ADD git@example.com:a/b.git /x',
    ];
    for (const instruction of refused) {
      await writeFile(join(place.worktree, 'Dockerfile'), `FROM ${LOCAL_NODE_IMAGE}\n${instruction}\n`);
      await expect(runBuilt(place)).rejects.toMatchObject({ code: 'DOCKERFILE_REFUSED' });
    }
  });

  test('neither Dockerfile nor context nor a link in it leads out of the worktree', async () => {
    const place = await makePlace();
    const secret = join(place.base, 'secret');
    await writeFile(secret, `FROM ${LOCAL_NODE_IMAGE}\n`);
    await symlink(secret, join(place.worktree, 'Dockerfile.link'));
    for (const dockerfile of ['../secret', secret, 'Dockerfile.link', '../../secret']) {
      await expect(runBuilt(place, { dockerfile })).rejects.toMatchObject({ code: 'PATH_OUTSIDE_WORKTREE' });
    }
    const pod = await makePod(runtime, podSpec(place));
    await writeFile(join(place.worktree, 'Dockerfile'), `FROM ${LOCAL_NODE_IMAGE}\n`);
    for (const context of ['..', '/', '/etc']) {
      const image = { dockerfile: 'Dockerfile', context };
      await expect(start(pod, { command: [], cwd: place.worktree, image })).rejects.toMatchObject({
        code: 'PATH_OUTSIDE_WORKTREE',
      });
    }
    // A link is copied as a link, so it leads to the image's own files.
    await symlink('/etc/hostname', join(place.worktree, 'name'));
    await writeFile(
      join(place.worktree, 'Dockerfile'),
      `FROM ${LOCAL_NODE_IMAGE}\nCOPY . /app/\nCMD ["readlink", "/app/name"]\n`,
    );
    expect((await runBuilt(place)).lines.at(-1)).toBe('/etc/hostname');
  });

  test('a missing Dockerfile and an image without a command are named', async () => {
    const place = await makePlace();
    await expect(runBuilt(place)).rejects.toMatchObject({ code: 'DOCKERFILE_MISSING' });
    await writeFile(join(place.worktree, 'Dockerfile'), `FROM ${LOCAL_NODE_IMAGE}\n`);
    await expect(runBuilt(place)).rejects.toMatchObject({ code: 'COMMAND_MISSING' });
  });

  test('a build nobody waits for any more is stopped', async () => {
    const place = await makePlace();
    const mark = `sleep 4${process.pid}`;
    await writeFile(join(place.worktree, 'Dockerfile'), `FROM ${LOCAL_NODE_IMAGE}\nRUN ${mark}\n`);
    const pod = await makePod(runtime, podSpec(place));
    const abort = new AbortController();
    const starting = pod.startService(
      {
        name: 'built',
        command: [],
        cwd: place.worktree,
        env: {},
        port: 3000,
        image: { dockerfile: 'Dockerfile', context: '.' },
        onOutput: (line) => {
          if (line.includes('Running in')) abort.abort(new Error('no longer wanted'));
        },
      },
      abort.signal,
    );
    await expect(starting).rejects.toThrow('no longer wanted');
    const running = async () =>
      (await promisify(execFile)('ps', ['-eo', 'args'])).stdout
        .split('\n')
        .filter((line) => line.includes(mark));
    await expect.poll(running, { timeout: 15_000 }).toEqual([]);
  });
});

describe('images that bring their own program', () => {
  /** An image as databases are: its own user, entry point, and a directory for its data that is a volume. */
  async function databaseImage(lines: string[]): Promise<string> {
    const name = `vitrine-test-${process.pid}-${Math.random().toString(36).slice(2, 8)}:1`;
    const directory = mkdtempSync(join(tmpdir(), 'vitrine-image-'));
    onTestFinished(async () => {
      await docker.getImage(name).remove({ force: true });
      rmSync(directory, { recursive: true, force: true });
    });
    await writeFile(join(directory, 'Dockerfile'), [`FROM ${LOCAL_NODE_IMAGE}`, ...lines].join('\n'));
    await promisify(execFile)('docker', ['build', '--network', 'none', '-t', name, directory], {
      env: { ...process.env, DOCKER_HOST: `unix://${daemon.socketPath}`, DOCKER_BUILDKIT: '0' },
    });
    return name;
  }

  async function runImage(name: string, env: Record<string, string> = {}) {
    const place = await makePlace();
    const pod = await makePod(runtime, podSpec(place));
    const service = await start(pod, { command: [], cwd: place.worktree, image: { name }, env });
    return { service, exit: await service.exited, place, pod };
  }

  const report = `sh -c "id -u; pwd; echo $PORT $SETTING; echo kept > /data/file && cat /data/file /data/first; echo x > /run/db/sock && echo run; echo x > /usr/x || echo readonly"`;

  test('run it as whom their data belongs to, with that data writable, and nothing else', async () => {
    const name = await databaseImage([
      'RUN mkdir -p /data /run/db && echo first > /data/first && chown -R 999:999 /data /run/db',
      'VOLUME /data',
      'WORKDIR /data',
      `ENTRYPOINT ["sh", "-c", ${JSON.stringify(report)}]`,
    ]);
    const { service, exit } = await runImage(name, { SETTING: 'given' });
    expect(exit).toMatchObject({ code: 0 });
    const shown = service.lines.filter((line) => !line.includes('Read-only'));
    expect(shown).toEqual(['999', '/data', '3000 given', 'kept', 'first', 'run', 'readonly']);
  });

  test('a user that the image names is kept, and a directory of root’s becomes its own', async () => {
    const name = await databaseImage([
      'RUN mkdir -p /store',
      'VOLUME /store',
      'USER 1234:1234',
      'CMD ["sh", "-c", "id -u; id -g; echo kept > /store/file && cat /store/file"]',
    ]);
    const { service } = await runImage(name);
    expect(service.lines).toEqual(['1234', '1234', 'kept']);
  });

  test('no volume is left of them', async () => {
    const volumes = async () => (await docker.listVolumes()).Volumes.map(({ Name }) => Name).sort();
    const before = await volumes();
    const name = await databaseImage(['RUN mkdir /data', 'VOLUME /data', 'CMD ["sleep", "1000"]']);
    const place = await makePlace();
    const pod = await makePod(runtime, podSpec(place));
    await start(pod, { command: [], cwd: place.worktree, image: { name } });
    await pod.destroy();
    expect(await volumes()).toEqual(before);
  });

  test('a command given is run instead, as the worktree’s owner', async () => {
    const name = await databaseImage(['ENTRYPOINT ["false"]', 'ENV FROM_IMAGE=yes']);
    const place = await makePlace();
    await chmod(place.worktree, 0o777);
    const pod = await makePod(runtime, podSpec(place));
    const service = await start(pod, {
      command: 'echo $FROM_IMAGE; pwd',
      cwd: place.worktree,
      image: { name },
    });
    await service.exited;
    expect(service.lines).toEqual(['yes', place.worktree]);
  });

  test('an image without a shell runs an argument list', async () => {
    const name = await databaseImage(['RUN rm -f /bin/sh']);
    const place = await makePlace();
    const pod = await makePod(runtime, podSpec(place));
    const service = await start(pod, {
      command: ['node', '-p', 'process.env.A + process.cwd()'],
      cwd: place.worktree,
      env: { A: 'a' },
      image: { name },
    });
    expect(await service.exited).toMatchObject({ code: 0 });
    expect(service.lines).toEqual([`a${place.worktree}`]);
  });

  test.each(['', '../containers/json', 'a b', 'redis:7?x=1', `redis${':7'.repeat(200)}`, '-x', 'http://x/y'])(
    'the name %j is refused',
    async (name) => {
      const place = await makePlace();
      const pod = await makePod(runtime, podSpec(place));
      const starting = start(pod, { command: 'true', cwd: place.worktree, image: { name } });
      await expect(starting).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
    },
  );
});
