import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { promisify } from 'node:util';
import { VitrineError } from '#shared/errors.ts';
import { nodeMounts, userNode } from '../process/search-path.ts';
import type { Engine } from './engine.ts';

const run = promisify(execFile);
/** Copying 140 MB and handing it to the engine. */
const BUILD_DEADLINE_MS = 180_000;
const IMPORT_DEADLINE_MS = 120_000;
const LIBC_PARTS = [
  'libdl.so.2',
  'libpthread.so.0',
  'librt.so.1',
  'libresolv.so.2',
  'libutil.so.1',
  'libnss_dns.so.2',
  'libnss_files.so.2',
];
const ROOT_PREFIX = 'image-';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Name of the image made from the Node that runs Vitrine. */
export const LOCAL_NODE_IMAGE = `vitrine-node:${process.versions.node}`;

/**
 * Makes {@link LOCAL_NODE_IMAGE} where no registry can be reached: this machine's Node and the libraries it needs,
 * busybox for the shell and its tools, npm if this machine has one, certificates. About 140 MB, one second, copied
 * below the state directory meanwhile.
 */
export async function buildNodeImage(engine: Engine, stateDirectory: string): Promise<void> {
  const signal = AbortSignal.timeout(BUILD_DEADLINE_MS);
  if (process.platform !== 'linux') throw cannotBuild('this machine is not Linux');
  const busybox = await findBusybox();
  await mkdir(stateDirectory, { recursive: true });
  const root = await mkdtemp(join(stateDirectory, ROOT_PREFIX));
  try {
    await fillRoot(root, busybox, signal);
    await importRoot(engine, root, signal);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Removes what a companion that ended while it made an image left. Not while one is being made. */
export async function removeHalfMadeImages(stateDirectory: string): Promise<void> {
  const names = await readdir(stateDirectory).catch(() => []); // nothing was ever made
  for (const name of names.filter((entry) => entry.startsWith(ROOT_PREFIX))) {
    await rm(join(stateDirectory, name), { recursive: true, force: true });
  }
}

async function fillRoot(root: string, busybox: string, signal: AbortSignal): Promise<void> {
  await mkdir(join(root, 'tmp'), { mode: 0o1777 });
  for (const directory of [
    'usr/local/bin',
    'usr/bin',
    'bin',
    'etc/ssl/certs',
    'home/node',
    'run',
    'var/tmp',
  ]) {
    await mkdir(join(root, directory), { recursive: true });
  }
  await copyInto(root, process.execPath, '/usr/local/bin/node');
  const libraries = await librariesOf(process.execPath, signal);
  for (const library of libraries) await copyInto(root, library, library);
  await copyRestOfLibc(root, libraries);

  await copyInto(root, busybox, '/bin/busybox');
  const { stdout } = await run(busybox, ['--list'], { signal });
  for (const applet of stdout.split('\n').filter((name) => name && name !== 'busybox')) {
    await symlink('busybox', join(root, 'bin', applet));
  }
  await symlink('/bin/env', join(root, 'usr/bin/env'));

  await writeFile(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n',
  );
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nnode:x:1000:\n');
  await writeFile(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
  await copyInto(root, CERTIFICATES, CERTIFICATES).catch(() => {}); // a machine without certificates
  await copyNpm(root, signal);
}

/** Native packages (Vite's bundler for one) need parts of the C library that Node itself does without. */
async function copyRestOfLibc(root: string, libraries: string[]): Promise<void> {
  const libc = libraries.find((library) => basename(library) === 'libc.so.6');
  if (!libc) return;
  for (const name of LIBC_PARTS) {
    const part = join(dirname(libc), name);
    await copyInto(root, part, part).catch(() => {}); // newer versions have them all in libc itself
  }
}

/** Backends are often started with `npm run`; npm is a folder of JavaScript beside the user's Node. */
async function copyNpm(root: string, signal: AbortSignal): Promise<void> {
  const packages = [process.execPath, userNode()]
    .flatMap((file) => (file ? nodeMounts(file) : []))
    .find((path) => path.endsWith('/lib/node_modules'));
  if (!packages) return;
  const target = join(root, 'usr/local/lib/node_modules');
  await mkdir(target, { recursive: true });
  await run('cp', ['-R', join(packages, 'npm'), target], { signal });
  for (const name of ['npm', 'npx']) {
    await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, join(root, 'usr/local/bin', name));
  }
}

async function copyInto(root: string, source: string, target: string): Promise<void> {
  await mkdir(join(root, dirname(target)), { recursive: true });
  await copyFile(await realpath(source), join(root, target));
}

/** Absolute paths of the shared libraries and of the loader, as ldd(1) names them. */
async function librariesOf(executable: string, signal: AbortSignal): Promise<string[]> {
  const { stdout } = await run('ldd', [executable], { signal }).catch(() => ({
    stdout: '', // statically linked
  }));
  return stdout.split('\n').flatMap((line) => /(?:=>\s+|^\s*)(\/\S+)\s+\(0x/.exec(line)?.[1] ?? []);
}

async function findBusybox(): Promise<string> {
  for (const path of ['/bin/busybox', '/usr/bin/busybox', '/usr/local/bin/busybox']) {
    const resolved = await realpath(path).catch(() => null);
    if (!resolved) continue;
    // Debian's "busybox" needs libraries, "busybox-static" does not.
    const { stdout } = await run('ldd', [resolved]).catch(() => ({ stdout: '' }));
    if (!stdout.includes('=>')) return resolved;
  }
  throw cannotBuild('a static busybox is missing (Debian package busybox-static)');
}

async function importRoot(engine: Engine, root: string, signal: AbortSignal): Promise<void> {
  const owner = ['--owner=0', '--group=0', '--numeric-owner'];
  const tar = spawn('tar', ['-C', root, ...owner, '-cf', '-', '.'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    signal,
  });
  const ended = once(tar, 'exit');
  ended.catch(() => {}); // looked at below, when the engine has read everything
  try {
    const answer = await engine.call(
      'import the Node image',
      engine.docker.importImage(tar.stdout, {
        repo: LOCAL_NODE_IMAGE, // with its tag, for Podman takes no notice of one of its own
        changes: 'ENV PATH=/usr/local/bin:/usr/bin:/bin',
      }),
      IMPORT_DEADLINE_MS,
    );
    answer.resume();
    await engine.call('import the Node image', finished(answer), IMPORT_DEADLINE_MS);
    const [code] = await ended;
    if (code !== 0) throw cannotBuild(`tar ended with code ${code}`);
  } finally {
    // An engine that went away reads no further, and tar would wait for it.
    tar.kill('SIGKILL');
  }
}

function cannotBuild(why: string): VitrineError {
  return new VitrineError({
    code: 'IMAGE_UNAVAILABLE',
    message: `No image with Node could be made from this machine's own: ${why}`,
    remedy:
      'Connect to the internet once so that node:24-slim can be pulled, or name a local image in isolation.backend.image.',
    status: 502,
  });
}
