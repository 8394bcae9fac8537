/** The value of one cookie in a Cookie header. The first wins, as browsers send the more specific path first. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** A Cookie header without the named cookies; undefined when nothing is left. */
export function withoutCookies(header: string | undefined, names: readonly string[]): string | undefined {
  const left = header?.split(';').filter((pair) => !names.includes(pair.split('=')[0]?.trim() ?? ''));
  return left?.join(';').trim() || undefined;
}

/** Session cookie of the served workbench. Cookies ignore ports, so two companions need two names. */
export const sessionCookieName = (port: number): string => `vitrine_session_${port}`;
/** Cookie of one environment, on its preview origin. */
export const PREVIEW_COOKIE = '__vitrine_preview';

export const sessionCookie = (port: number, value: string): string =>
  `${sessionCookieName(port)}=${value}; Path=/; HttpOnly; SameSite=Strict`;

/**
 * A preview is shown in a frame under another site (the board, the extension), where only SameSite=None cookies
 * travel; those must be Secure, which browsers accept on *.localhost. Partitioned: it counts only under the site
 * it was set for, so that no other site's page can use it by framing the preview.
 */
export const previewCookie = (value: string): string =>
  `${PREVIEW_COOKIE}=${value}; Path=/; HttpOnly; Secure; SameSite=None; Partitioned`;
