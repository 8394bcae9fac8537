import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { FIREFOX_EXTENSION_ID } from '#shared/extension/identity.ts';
import { startChild } from '../child.ts';
import { Lifetime } from '../lifetime.ts';
import { FIREFOX_NAMES, findProgram } from '../setup/requirements.ts';
import { waitUntil } from '../wait-until.ts';
import { Marionette } from './marionette.ts';

/** Where `npm run build` puts the extension. */
export const EXTENSION_FOR_FIREFOX = resolve(import.meta.dirname, '../../.output/firefox-mv3');

const START_DEADLINE_MS = 30_000;
const WINDOW = { width: 1500, height: 1000 };

export interface FirefoxOptions {
  /** Directory of a built extension, installed for this run only. */
  extension?: string;
  /** HOME of the browser: where it looks for native messaging hosts. */
  home: string;
  env?: NodeJS.ProcessEnv;
}

/** Where the extension shows pages. */
export type Place = 'tab' | 'sidebar';

const valueSchema = z.object({ value: z.unknown() });

const CHOOSE_MENU_ITEM = `
  const menu = document.getElementById('contentAreaContextMenu');
  const item = [...menu.querySelectorAll('menuitem')].find(({ label, hidden }) => label === arguments[0] && !hidden);
  if (menu.state !== 'open' || !item) return false;
  menu.activateItem(item);
  return true;`;

/** Firefox makes widget ids of extension ids this way. */
const WIDGET_ID = `${FIREFOX_EXTENSION_ID.replace(/[^a-z0-9_-]/g, '_')}-browser-action`;

const CLICK_TOOLBAR_BUTTON = `
  if (!CustomizableUI.getWidget(arguments[0])?.areaType) return false;
  CustomizableUI.addWidgetToArea(arguments[0], CustomizableUI.AREA_NAVBAR);
  const button = CustomizableUI.getWidget(arguments[0]).forWindow(window).node?.querySelector('toolbarbutton');
  button?.click();
  return Boolean(button);`;

/** Everything that shows a document in the place `arguments[0]`, outermost first. */
const CONTEXTS = `
  const addressOf = (context) => context.currentURI?.spec ?? '';
  const withFrames = (context) => [context, ...context.children.flatMap(withFrames)];
  const shown = arguments[0] === 'sidebar'
    ? document.getElementById('sidebar')?.contentDocument?.getElementById('webext-panels-browser')
    : gBrowser.selectedBrowser;
  const contexts = shown?.browsingContext ? withFrames(shown.browsingContext) : [];`;

/** A headless Firefox with a private profile, driven over Marionette. */
export class Firefox {
  /** Start of the addresses of the extension's pages. */
  readonly extensionOrigin: string;
  readonly #marionette: Marionette;
  readonly #lifetime: Lifetime;

  constructor(marionette: Marionette, extensionOrigin: string, lifetime: Lifetime) {
    this.#marionette = marionette;
    this.extensionOrigin = extensionOrigin;
    this.#lifetime = lifetime;
  }

  async navigate(url: string): Promise<void> {
    await this.#marionette.send('WebDriver:Navigate', { url });
  }

  /** Runs a function body in the page; its arguments are in `arguments`. */
  async inPage(script: string, ...args: unknown[]): Promise<unknown> {
    return this.#run('content', script, args);
  }

  /** Runs a function body in the browser's own window, where menus and the sidebar are. */
  async inBrowser(script: string, ...args: unknown[]): Promise<unknown> {
    return this.#run('chrome', script, args);
  }

  /** A real right-click in the page, in pixels of the viewport. */
  async rightClick(x: number, y: number): Promise<void> {
    const move = { type: 'pointerMove', x: Math.round(x), y: Math.round(y) };
    const actions = [move, { type: 'pointerDown', button: 2 }, { type: 'pointerUp', button: 2 }];
    const pointer = { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions };
    await this.#marionette.send('WebDriver:PerformActions', { actions: [pointer] });
  }

  /** Chooses an item of the open context menu by its label. */
  async chooseMenuItem(label: string): Promise<void> {
    await waitUntil(() => this.inBrowser(CHOOSE_MENU_ITEM, label), { what: `the menu item "${label}"` });
  }

  /** Clicks the extension's button, put on the toolbar as a person who uses it daily would. */
  async clickToolbarButton(): Promise<void> {
    await waitUntil(() => this.inBrowser(CLICK_TOOLBAR_BUTTON, WIDGET_ID), { what: 'the toolbar button' });
  }

  /** Addresses of what is shown there, frames included; empty while the sidebar is closed. */
  async addresses(place: Place): Promise<string[]> {
    return z
      .string()
      .array()
      .parse(await this.inBrowser(`${CONTEXTS} return contexts.map(addressOf);`, place));
  }

  /** Runs a function body in the first page or frame there whose address begins with `address`. */
  async inFrame(place: Place, address: string, script: string): Promise<unknown> {
    // The only way into a sidebar and into an extension's frames: the actor that Marionette itself uses for tabs.
    const body = `${CONTEXTS}
      const context = contexts.find((candidate) => addressOf(candidate).startsWith(arguments[1]));
      if (!context) throw new Error('Nothing there at ' + arguments[1] + ' but ' + contexts.map(addressOf));
      return context.currentWindowGlobal.getActor('MarionetteCommands').executeScript(arguments[2], [], {});`;
    return this.inBrowser(body, place, address, script);
  }

  /** PNG of the page. */
  async screenshot(): Promise<Buffer> {
    const { value } = valueSchema.parse(
      await this.#marionette.send('WebDriver:TakeScreenshot', { full: false }),
    );
    return Buffer.from(z.string().parse(value), 'base64');
  }

  stop(): Promise<void> {
    return this.#lifetime.end();
  }

  async #run(context: 'content' | 'chrome', script: string, args: unknown[]): Promise<unknown> {
    await this.#marionette.send('Marionette:SetContext', { value: context });
    try {
      return valueSchema.parse(await this.#marionette.send('WebDriver:ExecuteScript', { script, args }))
        .value;
    } finally {
      await this.#marionette.send('Marionette:SetContext', { value: 'content' });
    }
  }
}

export async function startFirefox({ extension, home, env }: FirefoxOptions): Promise<Firefox> {
  const program = await findProgram(FIREFOX_NAMES);
  if (!program) throw new Error('Firefox is not installed. Run: npm run setup');
  const lifetime = new Lifetime();
  try {
    const profile = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-firefox-')), (path) =>
      rm(path, { recursive: true, force: true, maxRetries: 5 }),
    );
    const uuid = randomUUID();
    await writeFile(join(profile, 'user.js'), preferences(uuid));
    const size = [`--width=${WINDOW.width}`, `--height=${WINDOW.height}`];
    const args = ['--headless', '--no-remote', '--marionette', '--remote-allow-system-access', ...size];
    const child = lifetime.own(
      await startChild(program, [...args, '--profile', profile], {
        env: { ...process.env, ...env, HOME: home },
      }),
      (firefox) => firefox.stop(),
    );
    const port = await waitUntil(
      async () => Number(await readFile(join(profile, 'MarionetteActivePort'), 'utf8')),
      { what: 'Firefox to listen', deadlineMs: START_DEADLINE_MS },
    ).catch((cause) => {
      throw new Error(`Firefox did not start:\n${child.output()}`, { cause });
    });
    const marionette = lifetime.own(await Marionette.connect(port), (connection) => connection.close());
    await marionette.send('WebDriver:NewSession', { capabilities: { alwaysMatch: {} } });
    if (extension) await marionette.send('Addon:Install', { path: extension, temporary: true });
    return new Firefox(marionette, `moz-extension://${uuid}`, lifetime);
  } catch (thrown) {
    await lifetime.end();
    throw thrown;
  }
}

/** No first-run pages, no calls home, and an extension origin that is known beforehand. */
function preferences(uuid: string): string {
  const values = {
    'marionette.port': 0,
    'extensions.webextensions.uuids': JSON.stringify({ [FIREFOX_EXTENSION_ID]: uuid }),
    'app.update.disabledForTesting': true,
    'browser.shell.checkDefaultBrowser': false,
    'browser.startup.homepage_override.mstone': 'ignore',
    'browser.startup.page': 0,
    'browser.newtabpage.enabled': false,
    'browser.aboutwelcome.enabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'services.settings.server': 'http://127.0.0.1:1/',
    'toolkit.telemetry.enabled': false,
    'browser.safebrowsing.malware.enabled': false,
    'browser.safebrowsing.phishing.enabled': false,
  };
  return Object.entries(values)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('');
}
