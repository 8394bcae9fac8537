import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isInside } from '../mounts/paths.ts';

const run = promisify(execFile);

/** Name of a disk image in the directory that it is mounted over. */
export const IMAGE_NAME = '.vitrine-disk.ext4';

/** Each of these takes milliseconds; minutes mean that something is broken. */
const DEADLINE_MS = 60_000;
const UNMOUNT_ATTEMPTS = 40;
const UNMOUNT_PAUSE_MS = 50;

/** A file system of ours that is mounted. */
export interface LoopMount {
  mountPoint: string;
  image: string;
}

/** Runs a program of util-linux or e2fsprogs. Rejects with what it said. */
export async function system(program: string, argv: string[], signal?: AbortSignal): Promise<string> {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
  const options = { timeout: DEADLINE_MS, signal, env: { PATH: path, LANG: 'C' } };
  return (await run(program, argv, options)).stdout;
}

/**
 * Mounts of disk images below a directory: only what is on a loop device whose file has our name and lies in there.
 * Lines of proc_pid_mountinfo(5): id parent device root mountPoint options … - type source superOptions.
 */
export async function loopMountsBelow(root: string): Promise<LoopMount[]> {
  const text = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  const mounts: LoopMount[] = [];
  for (const line of text.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const device = /^ext4 \/dev\/(loop\d+) /.exec(right)?.[1];
    const mountPoint = unescapeOctal(left.split(' ')[4] ?? '');
    if (!device || !isInside(mountPoint, root)) continue;
    const image = (await readFile(`/sys/block/${device}/loop/backing_file`, 'utf8').catch(() => '')).trim();
    if (basename(image).startsWith(IMAGE_NAME) && isInside(dirname(image), root))
      mounts.push({ mountPoint, image });
  }
  return mounts;
}

/**
 * Unmounts, as soon as what was ended a moment ago has let go of its files; after two seconds it is taken out of
 * sight, and the kernel finishes when the last file is closed. The loop device goes with the mount.
 */
export async function unmount(mountPoint: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await system('umount', [mountPoint]);
      return;
    } catch (error) {
      const said = error instanceof Error ? error.message : '';
      if (/not mounted|no mount point|not found/.test(said)) return;
      if (attempt === UNMOUNT_ATTEMPTS) break;
      await delay(UNMOUNT_PAUSE_MS);
    }
  }
  await system('umount', ['--lazy', mountPoint]);
}

/** Blanks and backslashes are octal there. */
function unescapeOctal(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
