import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export type BrowserName = 'chrome' | 'chromium' | 'edge' | 'brave' | 'firefox';

/** Where a browser looks for native messaging hosts of this user. */
export interface BrowserPlace {
  browser: BrowserName;
  family: 'chromium' | 'firefox';
  /** Exists once the browser has run for this user. */
  profiles: string;
  /** Linux and macOS: directory for manifests. */
  manifests: string;
  /** Names of its program on PATH. */
  programs: string[];
  /** Windows: key below HKEY_CURRENT_USER. */
  registryKey: string;
}

/** Directory of a Chromium-family browser's manifests, below its user data directory. */
export const CHROMIUM_MANIFESTS = 'NativeMessagingHosts';

/** All browsers we know, for a home directory. */
export function browserPlaces(
  home = homedir(),
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): BrowserPlace[] {
  const isMac = platform === 'darwin';
  const support = join(home, 'Library/Application Support');
  const config = isMac ? support : env.XDG_CONFIG_HOME || join(home, '.config');
  const chromium = (
    browser: BrowserName,
    linux: string,
    mac: string,
    windows: string,
    programs: string[],
  ): BrowserPlace => {
    const profiles = join(config, isMac ? mac : linux);
    const manifests = join(profiles, CHROMIUM_MANIFESTS);
    return {
      browser,
      family: 'chromium',
      profiles,
      manifests,
      programs,
      registryKey: `Software\\${windows}\\NativeMessagingHosts`,
    };
  };
  return [
    chromium('chrome', 'google-chrome', 'Google/Chrome', 'Google\\Chrome', [
      'google-chrome',
      'google-chrome-stable',
    ]),
    chromium('chromium', 'chromium', 'Chromium', 'Chromium', ['chromium', 'chromium-browser']),
    chromium('edge', 'microsoft-edge', 'Microsoft Edge', 'Microsoft\\Edge', [
      'microsoft-edge',
      'microsoft-edge-stable',
    ]),
    chromium(
      'brave',
      'BraveSoftware/Brave-Browser',
      'BraveSoftware/Brave-Browser',
      'BraveSoftware\\Brave-Browser',
      ['brave-browser', 'brave'],
    ),
    {
      browser: 'firefox',
      family: 'firefox',
      profiles: isMac ? join(support, 'Mozilla') : join(home, '.mozilla'),
      manifests: isMac
        ? join(support, 'Mozilla/NativeMessagingHosts')
        : join(home, '.mozilla/native-messaging-hosts'),
      programs: ['firefox', 'firefox-esr'],
      registryKey: 'Software\\Mozilla\\NativeMessagingHosts',
    },
  ];
}

/** Whether a browser is there for this user: it ran before, or its program is on PATH. */
export function isFound({ profiles, programs }: BrowserPlace, path = process.env.PATH ?? ''): boolean {
  if (existsSync(profiles)) return true;
  const directories = path.split(delimiter).filter((directory) => directory !== '');
  return directories.some((directory) => programs.some((program) => existsSync(join(directory, program))));
}
