import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CLI = resolve(import.meta.dirname, '../../companion/cli.ts');
const DEADLINE_MS = 20_000;

export interface NativeHostTarget {
  /** A Chromium profile of our own. */
  chromiumProfile?: string;
  /** HOME of a Firefox of our own: it looks for hosts there, whatever its profile. */
  home?: string;
}

/** Installs the native messaging host with the product's own command, for these browsers and not for the person's own. */
export async function installNativeHostFor(vitrineHome: string, target: NativeHostTarget): Promise<void> {
  const { chromiumProfile, home = chromiumProfile } = target;
  const profile = chromiumProfile ? ['--user-data-dir', chromiumProfile] : [];
  await run(process.execPath, [CLI, 'install', ...profile], {
    timeout: DEADLINE_MS,
    env: { ...process.env, VITRINE_HOME: vitrineHome, ...(home && { HOME: home }) },
  });
}
