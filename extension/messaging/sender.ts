/** What the browser says about who sent a message; a page cannot forge it. */
export interface Sender {
  id?: string | undefined;
  url?: string | undefined;
  frameId?: number | undefined;
  tab?: { id?: number | undefined; windowId?: number | undefined } | undefined;
}

/** A content script in the top frame of a tab. */
export interface BoardSender {
  tabId: number;
  /** Origin of the page that the content script runs in. */
  boardUrl: string;
}

/** One of the extension’s own pages; tab and frame where it is inside a tab. */
export interface PageSender {
  /** Path of the page, for instance `/panel.html`. */
  path: string;
  tabId: number | undefined;
  frameId: number | undefined;
}

/** The sender as a board's content script, or null: another extension, an extension page, an inner frame. */
export function boardSender(sender: Sender, extensionId: string): BoardSender | null {
  if (sender.id !== extensionId || sender.frameId !== 0 || sender.tab?.id === undefined) return null;
  const url = parseUrl(sender.url);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return null;
  return { tabId: sender.tab.id, boardUrl: url.origin };
}

/** The sender as a page of this extension, or null. `extensionOrigin` is the origin of the background itself. */
export function pageSender(sender: Sender, extensionId: string, extensionOrigin: string): PageSender | null {
  const url = parseUrl(sender.url);
  if (sender.id !== extensionId || !url) return null;
  // `origin` says "null" for the schemes of extensions, in some engines.
  if (`${url.protocol}//${url.host}` !== extensionOrigin) return null;
  return { path: url.pathname, tabId: sender.tab?.id, frameId: sender.frameId };
}

function parseUrl(url: string | undefined): URL | null {
  return url === undefined ? null : URL.parse(url);
}
