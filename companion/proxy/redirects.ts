const REDIRECTING = new Set(['location', 'content-location', 'refresh']);
/** Names under which a backend knows itself: inside its pod everything is on the loopback interface. */
const OWN_HOSTS = 'localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::1?\\]';
const OWN_ADDRESS = new RegExp(`^(?:https?:)?//(?:${OWN_HOSTS})(?::(\\d{1,5}))?(?=[/?#]|$)`, 'i');
/** `5; url=…`, the URL with quotes or without. */
const REFRESH = /^(\s*\d*\.?\d*\s*[;,]\s*(?:url\s*=\s*)?['"]?)(.*)$/i;

export const isRedirecting = (lowerCaseName: string): boolean => REDIRECTING.has(lowerCaseName);

/**
 * Location, Content-Location and Refresh that name the backend's own address, or where a frontend is developed (`ports`), as the
 * preview origin instead. Everything else, other ports of the machine included, is left as it is.
 */
export function adaptRedirect(
  name: string,
  value: string,
  ports: number | readonly number[],
  origin: string,
): string {
  if (name !== 'refresh') return adaptUrl(value, ports, origin);
  const [, before, url] = REFRESH.exec(value) ?? [];
  return before === undefined || url === undefined ? value : before + adaptUrl(url, ports, origin);
}

function adaptUrl(url: string, ports: number | readonly number[], origin: string): string {
  const match = OWN_ADDRESS.exec(url);
  // Without a port it is 80 or 443, which a backend has only when it was told so.
  const named = match?.[1] === undefined ? (/^https/i.test(url) ? 443 : 80) : Number(match[1]);
  if (!match || ![ports].flat().includes(named)) return url;
  return origin + url.slice(match[0].length);
}
