import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer';
import type { Display } from '../display.ts';
import { Lifetime } from '../lifetime.ts';
import { CHROMIUM_NAMES, findProgram } from '../setup/requirements.ts';

/** Where `npm run build` puts the extension. */
export const EXTENSION_FOR_CHROMIUM = resolve(import.meta.dirname, '../../.output/chrome-mv3');

const PROTOCOL_DEADLINE_MS = 60_000;

export interface ChromiumOptions {
  /** Directory of a built extension. */
  extension?: string;
  /** Shows real windows there; headless without. */
  display?: Pick<Display, 'name'>;
  env?: NodeJS.ProcessEnv;
  /** Called with the profile's directory before the browser starts. */
  prepareProfile?(directory: string): Promise<void>;
  size?: { width: number; height: number };
}

export interface Chromium {
  readonly browser: Browser;
  readonly profile: string;
  stop(): Promise<void>;
}

/** Starts Chromium with a private profile that reaches nothing but this machine. */
export async function startChromium(options: ChromiumOptions = {}): Promise<Chromium> {
  const { extension, display, env, prepareProfile, size = { width: 1600, height: 1000 } } = options;
  const executablePath = await findProgram(CHROMIUM_NAMES);
  if (!executablePath) throw new Error('Chromium is not installed. Run: npm run setup');
  const lifetime = new Lifetime();
  try {
    const profile = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-chromium-')), (path) =>
      rm(path, { recursive: true, force: true, maxRetries: 5 }),
    );
    await prepareProfile?.(profile);
    const browser = lifetime.own(
      await puppeteer.launch({
        executablePath,
        headless: display === undefined,
        // Extensions can be loaded over a pipe only.
        pipe: true,
        enableExtensions: extension ? [extension] : false,
        userDataDir: profile,
        defaultViewport: display ? null : size,
        protocolTimeout: PROTOCOL_DEADLINE_MS,
        // Whoever started it ends it, in order: puppeteer would end this process at once.
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
        env: { ...process.env, ...env, ...(display && { DISPLAY: display.name }) },
        args: launchArguments(size),
      }),
      (chromium) => chromium.close(),
    );
    return { browser, profile, stop: () => lifetime.end() };
  } catch (thrown) {
    await lifetime.end();
    throw thrown;
  }
}

function launchArguments({ width, height }: { width: number; height: number }): string[] {
  return [
    // Chromium refuses its own sandbox to root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--no-first-run',
    '--disable-quic',
    '--disable-sync',
    '--disable-background-networking',
    '--disable-component-update',
    `--window-size=${width},${height}`,
    '--window-position=0,0',
    // The board waits for fonts and error reporting from the internet; a look-up that fails at once spares 30 s.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost',
  ];
}
