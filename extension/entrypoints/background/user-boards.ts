import { browser } from 'wxt/browser';

const SCRIPT_ID = 'user-boards';
const CONTENT_SCRIPT = '/content-scripts/board.js';
const LOCAL_PATTERNS = ['http://localhost/*', 'http://127.0.0.1/*'];

/** Keeps the content script on the sites that the person made boards, and on no others. */
export function registerUserBoards(): void {
  browser.runtime.onInstalled.addListener(() => {
    void syncUserBoards();
    // Firefox does so by itself.
    if (!import.meta.env.FIREFOX) void startInOpenTabs();
  });
  browser.runtime.onStartup.addListener(() => void syncUserBoards());
  browser.permissions.onAdded.addListener(() => void syncUserBoards());
  browser.permissions.onRemoved.addListener(() => void syncUserBoards());
}

/** Where boards may be: this machine, and the sites that the person added. */
export async function boardPatterns(): Promise<string[]> {
  return [...LOCAL_PATTERNS, ...(await userPatterns())];
}

/**
 * Asks the person for the right to read this tab's site, then starts there. Must be called straight from a click.
 */
export async function requestBoard(tab: { id?: number; url?: string } | undefined): Promise<void> {
  const url = tab?.url === undefined ? null : URL.parse(tab.url);
  if (tab?.id === undefined || (url?.protocol !== 'http:' && url?.protocol !== 'https:')) return;
  // Without a port: Firefox's patterns know none.
  const granted = await browser.permissions.request({ origins: [`${url.protocol}//${url.hostname}/*`] });
  if (!granted) return;
  await syncUserBoards(); // also heard of by onAdded, but only when the right is new
  await browser.scripting.executeScript({ target: { tabId: tab.id }, files: [CONTENT_SCRIPT] });
}

/** Boards that were open before the extension was installed or updated work without being loaded again. */
async function startInOpenTabs(): Promise<void> {
  const tabs = await browser.tabs.query({ url: await boardPatterns() });
  const starts = tabs.map(({ id }) =>
    id === undefined
      ? undefined
      : browser.scripting.executeScript({ target: { tabId: id }, files: [CONTENT_SCRIPT] }),
  );
  // A tab that was closed meanwhile, or shows an error page, is no loss.
  await Promise.allSettled(starts);
}

async function userPatterns(): Promise<string[]> {
  const { origins = [] } = await browser.permissions.getAll();
  const required = new Set(browser.runtime.getManifest().host_permissions);
  return origins.filter((origin) => !required.has(origin) && /^(?:\*|https?):/.test(origin));
}

let syncing: Promise<void> = Promise.resolve();

/** One at a time: a grant is told twice, and the second registration of the same script would be refused. */
function syncUserBoards(): Promise<void> {
  syncing = syncing.then(registerScript, registerScript);
  return syncing;
}

async function registerScript(): Promise<void> {
  const matches = await userPatterns();
  const registered = await browser.scripting.getRegisteredContentScripts({ ids: [SCRIPT_ID] });
  if (matches.length === 0) {
    if (registered.length > 0) await browser.scripting.unregisterContentScripts({ ids: [SCRIPT_ID] });
    return;
  }
  const script = { id: SCRIPT_ID, matches, js: [CONTENT_SCRIPT], runAt: 'document_start' as const };
  if (registered.length > 0) await browser.scripting.updateContentScripts([script]);
  else await browser.scripting.registerContentScripts([script]);
}
