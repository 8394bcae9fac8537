import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';

const run = promisify(execFile);

/** The one published version that carries its binaries inside the npm package. */
export const VIBE_KANBAN_VERSION = '0.0.71';
const INTEGRITY =
  'sha512-R2BuFlaD6K+CgA6wfRl5YT80jzaZkjO2CF9XS7zT4nSo+FRa3lmqtR5iTASabNK1sal+/POnCkuTlfiQInbf8A==';
const ZIP_IN_TARBALL = 'package/dist/linux-x64/vibe-kanban.zip';
const BINARY_IN_ZIP = 'vibe-kanban';

/** The tarball has 138 MB. */
const DOWNLOAD_DEADLINE_MS = 10 * 60_000;
const ZIP_MAX_BYTES = 64 * 1024 * 1024;

/** Path of the board's executable; downloaded and verified the first time, kept in the user's cache. */
export async function fetchVibeKanban(signal?: AbortSignal): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`Vibe Kanban ${VIBE_KANBAN_VERSION} runs on Linux x64 here, not on ${process.platform}`);
  }
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'vitrine-e2e');
  const binary = join(cache, `vibe-kanban-${VIBE_KANBAN_VERSION}`);
  if (await exists(binary)) return binary;

  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, 'download-'));
  try {
    const tarball = await download(scratch, signal);
    const { stdout: zip } = await run('tar', ['-xzOf', tarball, ZIP_IN_TARBALL], {
      encoding: 'buffer',
      maxBuffer: ZIP_MAX_BYTES,
      signal,
    });
    const content = unzipSync(zip)[BINARY_IN_ZIP];
    if (!content) throw new Error(`${ZIP_IN_TARBALL} holds no file ${BINARY_IN_ZIP}`);
    const unpacked = join(scratch, BINARY_IN_ZIP);
    await writeFile(unpacked, content);
    await chmod(unpacked, 0o755);
    // Renamed only when complete: an interrupted download never leaves half a binary behind.
    await rename(unpacked, binary);
    return binary;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function download(directory: string, signal?: AbortSignal): Promise<string> {
  const args = ['pack', `vibe-kanban@${VIBE_KANBAN_VERSION}`, '--silent', '--pack-destination', directory];
  await run('npm', args, { timeout: DOWNLOAD_DEADLINE_MS, signal });
  const tarball = join(directory, `vibe-kanban-${VIBE_KANBAN_VERSION}.tgz`);
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(tarball)) hash.update(chunk);
  const found = `sha512-${hash.digest('base64')}`;
  if (found !== INTEGRITY) {
    throw new Error(
      `vibe-kanban@${VIBE_KANBAN_VERSION} has the wrong integrity: expected ${INTEGRITY}, got ${found}`,
    );
  }
  return tarball;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
