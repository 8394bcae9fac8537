import type { NetworkRequestDetail } from '#shared/api/network.ts';

/** Made by whatever sends the request; given again they would be wrong. */
const OWN_HEADERS = /^(host|content-length|connection|transfer-encoding|upgrade|keep-alive|te|:.*)$/i;
/** What a page's script may not set. */
const FORBIDDEN_HEADERS =
  /^(accept-charset|accept-encoding|access-control-request-.*|cookie|date|dnt|expect|origin|referer|sec-.*|proxy-.*|trailer|via|user-agent)$/i;

/** The whole address of a request; `origin` is the preview's. */
export function absoluteUrl(url: string, origin: string): string {
  if (/^[a-z]+:\/\//i.test(url)) return url;
  return url.startsWith('/') ? origin + url : `https://${url.replace(/:443$/, '')}/`;
}

/** A command for a POSIX shell that sends the same request. Every part is quoted: none of it is the shell's. */
export function asCurl(request: NetworkRequestDetail, origin: string): string {
  const parts = [`curl ${quoted(absoluteUrl(request.url, origin))}`, '--globoff'];
  const body = request.requestBody?.text ?? undefined;
  if (request.method !== (body === undefined ? 'GET' : 'POST'))
    parts.push(`--request ${quoted(request.method)}`);
  for (const [name, value] of request.requestHeaders)
    if (!OWN_HEADERS.test(name)) parts.push(`--header ${quoted(`${name}: ${value}`)}`);
  if (body !== undefined) parts.push(`--data-raw ${quoted(body)}`);
  return parts.join(' \\\n  ');
}

/** A call of fetch() for the console of the app's page. */
export function asFetch(request: NetworkRequestDetail, origin: string): string {
  const headers = request.requestHeaders.filter(
    ([name]) => !OWN_HEADERS.test(name) && !FORBIDDEN_HEADERS.test(name),
  );
  const options = {
    method: request.method,
    ...(headers.length > 0 && { headers }),
    ...(typeof request.requestBody?.text === 'string' && { body: request.requestBody.text }),
  };
  return `await fetch(${JSON.stringify(absoluteUrl(request.url, origin))}, ${JSON.stringify(options, null, 2)});`;
}

/** One word of a POSIX shell, whatever it holds. A shell cannot hold NUL at all. */
function quoted(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", "'\\''")}'`;
}
