import { browser } from 'wxt/browser';

/** The extension has these without asking: see wxt.config.ts. */
const LOCAL = /^(?:localhost|127\.0\.0\.1|.+\.localhost)$/;

/** Asks for the right to read a board's site, where it is not this machine. The background then starts there. */
export async function requestBoardAccess(url: string): Promise<boolean> {
  const { protocol, hostname } = new URL(url);
  if (LOCAL.test(hostname)) return true;
  // Without a port: Firefox's patterns know none.
  return browser.permissions.request({ origins: [`${protocol}//${hostname}/*`] });
}
