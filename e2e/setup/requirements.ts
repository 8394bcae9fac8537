import { access, constants, readdir, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** One thing the end-to-end tests need from the system. */
export interface Requirement {
  what: string;
  /** The Debian package that brings it. */
  debianPackage: string;
  isThere(): Promise<boolean>;
}

/** Names a browser may be installed under, the one the tests prefer first. */
export const CHROMIUM_NAMES = ['chromium', 'google-chrome-stable', 'google-chrome'];
export const FIREFOX_NAMES = ['firefox-esr', 'firefox'];

export const REQUIREMENTS: Requirement[] = [
  needs('Chromium', 'chromium', CHROMIUM_NAMES),
  needs('Firefox', 'firefox-esr', FIREFOX_NAMES),
  needs('a virtual display', 'xvfb', ['Xvfb']),
  needs('keys and clicks from outside the browser', 'xdotool', ['xdotool']),
  needs('the sandbox of the process runtime', 'bubblewrap', ['bwrap']),
  needs('a Docker daemon', 'docker.io', ['dockerd']),
  needs('Podman', 'podman', ['podman']),
  needs('the runtime of Podman’s containers', 'runc', ['runc']),
  { what: 'the init of Podman’s containers', debianPackage: 'catatonit', isThere: hasCatatonit },
  needs('a shell for the container image of the tests', 'busybox-static', ['busybox']),
  needs('the network tool of the sandboxes', 'iproute2', ['ip']),
  needs('git', 'git', ['git']),
  { what: 'a font', debianPackage: 'fonts-dejavu-core', isThere: hasFont },
];

function needs(what: string, debianPackage: string, names: string[]): Requirement {
  return { what, debianPackage, isThere: async () => (await findProgram(names)) !== undefined };
}

/**
 * Absolute path of the first of `names` that is installed. Programs of a snap do not count: they see neither /tmp
 * nor hidden directories, where the tests keep profiles and the extension.
 */
export async function findProgram(names: string[]): Promise<string | undefined> {
  const directories = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  for (const name of names) {
    for (const directory of directories) {
      const path = join(directory, name);
      if ((await isExecutable(path)) && !(await isSnap(path))) return path;
    }
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function isSnap(path: string): Promise<boolean> {
  const real = await realpath(path);
  return path.startsWith('/snap/') || real.startsWith('/snap/') || real === '/usr/bin/snap';
}

/** Podman looks for it in these places, or in its PATH. */
async function hasCatatonit(): Promise<boolean> {
  const places = ['/usr/libexec/podman/catatonit', '/usr/lib/podman/catatonit', '/usr/bin/catatonit'];
  const found = await Promise.all(places.map(isExecutable));
  return found.includes(true);
}

async function hasFont(): Promise<boolean> {
  const files = await readdir('/usr/share/fonts', { recursive: true }).catch(() => []);
  return files.some((file) => /\.(?:ttf|otf|ttc)$/i.test(file));
}
