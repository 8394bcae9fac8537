import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { findProgram, REQUIREMENTS, type Requirement } from './requirements.ts';

/*
 * Brings what the end-to-end tests need from the system: `npm run setup`.
 * Nothing missing: a few file look-ups. As root on Debian or a relative: one call of apt-get. Else: says what to do.
 */
const APT_LOCK_SECONDS = 120;

const missing: Requirement[] = [];
for (const requirement of REQUIREMENTS) {
  if (!(await requirement.isThere())) missing.push(requirement);
}
if (missing.length > 0) await provide(missing);

async function provide(requirements: Requirement[]): Promise<void> {
  const packages = requirements.map(({ debianPackage }) => debianPackage);
  const list = requirements.map(({ what, debianPackage }) => `  ${debianPackage}: ${what}`).join('\n');
  if (process.platform !== 'linux') {
    refuse(`The end-to-end tests need Linux. Run "npm run test:unit" here.`);
  }
  const snaps = (await isUbuntu())
    ? packages.filter((name) => name === 'chromium' || name === 'firefox-esr')
    : [];
  if (snaps.length > 0) {
    refuse(
      `The end-to-end tests need what is missing here:\n${list}\n` +
        `Ubuntu has ${snaps.join(' and ')} only as a snap, which cannot use the private profiles of the tests.\n` +
        'Install the makers’ own packages: google-chrome-stable (https://www.google.com/chrome) and firefox-esr ' +
        '(https://support.mozilla.org/kb/install-firefox-linux), then run this again.',
    );
  }
  const command = `apt-get install --yes --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !(await findProgram(['apt-get']))) {
    refuse(
      `The end-to-end tests need what is missing here:\n${list}\n` +
        `As root on Debian: apt-get update && ${command}`,
    );
  }
  console.log(`Installing for the end-to-end tests:\n${list}`);
  if (!apt(['install', '--yes', '--no-install-recommends', ...packages])) {
    // The usual cause: package lists that were never fetched, or are too old.
    if (!apt(['update']) || !apt(['install', '--yes', '--no-install-recommends', ...packages])) {
      refuse(`apt-get could not install the packages. What it says is above; by hand: ${command}`);
    }
  }
  for (const { what, debianPackage, isThere } of requirements) {
    if (!(await isThere())) refuse(`${debianPackage} was installed, but ${what} is still not found on PATH.`);
  }
}

function apt(args: string[]): boolean {
  const options = ['-o', `DPkg::Lock::Timeout=${APT_LOCK_SECONDS}`, '--quiet'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', [...options, ...args], { stdio: 'inherit', env }).status === 0;
}

async function isUbuntu(): Promise<boolean> {
  return /^ID=ubuntu$/m.test(await readFile('/etc/os-release', 'utf8').catch(() => ''));
}

function refuse(message: string): never {
  console.error(message);
  process.exit(1);
}
