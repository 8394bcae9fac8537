import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readdir, realpath, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { makePlace, makePod, type Place, podSpec, run } from '../pod-fixture.ts';
import { ProcessRuntime } from './runtime.ts';
import { nodeMounts, serviceSearchPath } from './search-path.ts';

const available =
  (await new ProcessRuntime({ stateDirectory: '/nonexistent' }).probe()).isolation.network === 'enforced';
const isRoot = process.getuid?.() === 0;
const SOME_UID = 12_345;

test.runIf(available && isRoot)('a companion that is root runs the pod as the worktree’s owner', async () => {
  const place = await makePlace();
  await chown(place.worktree, SOME_UID, SOME_UID);
  await writeFile(join(place.dataDirectory, 'kept'), 'from before', { mode: 0o600 });
  await chmod(place.base, 0o700);
  const runtime = new ProcessRuntime({ stateDirectory: join(place.base, 'state') });
  const pod = await makePod(runtime, podSpec(place));
  const seen = await run(
    pod,
    place.worktree,
    `id -u; id -G; cat ${place.dataDirectory}/kept; echo; echo x > made; grep CapPrm /proc/self/status; ls /proc/1/cwd || echo refused`,
  );
  expect(seen.split('\n').slice(0, 4)).toEqual([
    String(SOME_UID),
    String(SOME_UID),
    'from before',
    'CapPrm:\t0000000000000000',
  ]);
  expect(seen).toContain('refused');
  expect((await stat(join(place.worktree, 'made'))).uid).toBe(SOME_UID);
});

/** Runs a program in this folder as another user, or skips where that cannot be tried. */
async function asOtherUser(place: Place, body: string, skip: (why: string) => never): Promise<string[]> {
  for (const path of [place.base, join(place.base, 'attempt'), place.worktree, place.dataDirectory]) {
    await chown(path, SOME_UID, SOME_UID);
  }
  const source = pathToFileURL(join(import.meta.dirname, 'runtime.ts')).href;
  const program = `
    import { ProcessRuntime } from ${JSON.stringify(source)};
    const runtime = new ProcessRuntime({ stateDirectory: ${JSON.stringify(join(place.base, 'state'))} });
    const signal = AbortSignal.timeout(20000);
    console.log((await runtime.probe()).isolation.network);
    const spec = ${JSON.stringify(podSpec(place))};
    const start = (pod, command) => pod.startService({ name: 's', command, cwd: spec.worktree, env: {}, port: 1, onOutput: (l) => console.log(l) }, signal);
    ${body}`;
  const options = {
    uid: SOME_UID,
    gid: SOME_UID,
    timeout: 30_000,
    cwd: '/',
    env: { PATH: process.env.PATH },
  };
  const node = (...argv: string[]) => promisify(execFile)(process.execPath, argv, options);
  const isReadable = await node(
    '-e',
    `require('fs').readFileSync(${JSON.stringify(import.meta.filename)})`,
  ).then(
    () => true,
    () => false,
  );
  if (!isReadable) skip('this checkout can only be read by root');
  const { stdout } = await node('--input-type=module', '-e', program);
  const lines = stdout.trim().split('\n');
  if (lines[0] === 'none') skip('user namespaces are not allowed here');
  return lines;
}

test.runIf(available && isRoot)('a companion that is not root makes the same pods', async ({ skip }) => {
  const place = await makePlace();
  const lines = await asOtherUser(
    place,
    `const pod = await runtime.createPod(spec, signal);
    const service = await start(pod, 'id -u; echo x > made; ls /home /root; echo x > /x; cat /proc/net/route | wc -l');
    await service.exited;
    await pod.destroy();`,
    skip,
  );
  expect(lines).toContain(String(SOME_UID));
  expect(lines.join('\n')).toMatch(/\/x: Read-only file system/);
  expect((await stat(join(place.worktree, 'made'))).uid).toBe(SOME_UID);
  expect((await readdir(place.base)).sort()).toEqual(['attempt', 'data', 'state']);
});

test.runIf(available && isRoot)(
  'where there is no control group to use, the user namespace bounds the processes of each sandbox',
  async ({ skip }) => {
    const place = await makePlace();
    const lines = await asOtherUser(
      place,
      `spec.limits.pids = 64;
      const pod = await runtime.createPod(spec, signal);
      const other = await runtime.createPod({ ...spec, runDirectory: spec.runDirectory + '2' }, signal);
      console.log(pod.isolation.pids, pod.isolation.memory);
      const bomb = 'let up = 0; for (let i = 0; i < 200; i++) { const c = require("child_process").spawn("sleep", ["60"]); c.on("spawn", () => up++); c.on("error", () => {}); } setTimeout(() => console.log("made", up), 1000)';
      await start(pod, ['node', '-e', bomb]);
      await new Promise((resolve) => setTimeout(resolve, 2000));
      await (await start(other, 'echo neighbour')).exited;
      await pod.destroy();
      await other.destroy();`,
      skip,
    );
    expect(lines[1]).toBe('enforced watched');
    expect(Number(lines.find((line) => line.startsWith('made '))?.slice(5))).toBeLessThan(90);
    expect(lines).toContain('neighbour');
  },
);

test.runIf(available)('what is hidden stays so even below a mount', async () => {
  const place = await makePlace();
  const home = join(place.worktree, '.vitrine');
  await mkdir(home);
  await writeFile(join(home, 'companion.json'), 'token');
  const runtime = new ProcessRuntime({ stateDirectory: join(home, 'runtime'), hidden: [home] });
  const pod = await makePod(runtime, { ...podSpec(place), dataDirectory: join(home, 'data') });
  expect(await run(pod, place.worktree, `ls ${home}; cat ${home}/companion.json`)).toMatch(
    /^data\n.*No such file/s,
  );
  expect(await run(pod, place.worktree, 'echo ok > $HOME/x && cat $HOME/x')).toBe('ok');
});

test.runIf(available)('a run directory too long for a socket’s path works and is cleaned up', async () => {
  const place = await makePlace();
  const runDirectory = join(place.base, 'long'.repeat(30), 'run');
  const runtime = new ProcessRuntime({ stateDirectory: join(place.base, 'state') });
  const before = (await readdir('/tmp')).filter((name) => name.startsWith('vitrine-socket-')).length;
  const pod = await makePod(runtime, { ...podSpec(place), runDirectory });
  await expect(pod.connect(1)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await pod.destroy();
  expect(
    (await readdir('/tmp')).filter((name) => name.startsWith('vitrine-socket-')).length,
  ).toBeLessThanOrEqual(before);
});

test.runIf(available)('the user’s Node comes first on PATH and the one of Vitrine last', async () => {
  const place = await makePlace();
  const runtime = new ProcessRuntime({ stateDirectory: join(place.base, 'state') });
  const pod = await makePod(runtime, podSpec(place));
  const seen = await run(
    pod,
    place.worktree,
    'echo $PATH; node -p 1; "$(echo $PATH | sed s/.*://)"/node -p process.execPath',
  );
  const [path, one, own] = seen.split('\n');
  expect(path?.split(':').at(-1)).toBe(join(process.execPath, '..'));
  expect(one).toBe('1');
  expect(own).toBe(process.execPath);
});

test('PATH keeps only directories that exist, are visible, and are not Vitrine’s own', async () => {
  const place = await makePlace();
  const directories = ['visible', 'hidden', 'linked'].map((name) => join(place.base, name));
  const [visible, hidden, linked] = directories as [string, string, string];
  await mkdir(visible);
  await mkdir(hidden);
  await symlink(hidden, linked);
  const own = join(import.meta.dirname, '../../../node_modules/.bin');
  const path = serviceSearchPath(
    (at) => at === visible || at === linked,
    [own, visible, hidden, linked, '/nonexistent', '.', ''].join(':'),
  );
  expect(path.split(':')).toEqual([visible, join(process.execPath, '..')]);
});

test('of a Node only its programs and packages are shown, never what lies beside', async () => {
  const place = await makePlace();
  const base = await realpath(place.base);
  await mkdir(join(base, '.local/bin'), { recursive: true });
  await writeFile(join(base, '.local/bin/node'), '');
  expect(nodeMounts(join(base, '.local/bin/node'))).toEqual([join(base, '.local/bin/node')]);
  await mkdir(join(base, '.local/lib/node_modules/npm'), { recursive: true });
  expect(nodeMounts(join(base, '.local/bin/node'))).toEqual([
    join(base, '.local/bin'),
    join(base, '.local/lib/node_modules'),
  ]);
});
