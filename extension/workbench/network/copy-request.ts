import type { NetworkRequestDetail } from '#shared/api/network.ts';
import { text } from '../text/text.ts';

/** Made by whatever sends the request, or by the browser for itself; given again they would be wrong. */
const OWN_HEADERS =
  /^(host|content-length|connection|transfer-encoding|upgrade|keep-alive|te|accept-encoding|:.*)$/i;
/** What a page's script may not set. */
const FORBIDDEN_HEADERS =
  /^(accept-charset|access-control-request-.*|cookie|date|dnt|expect|origin|referer|sec-.*|proxy-.*|trailer|via|user-agent)$/i;
/** What is not shown of a credential (companion/proxy/recording/mask-headers.ts). */
const MASK = '••••';
/** Lets a program on this machine into a preview; the shell reads the token when the command runs. */
const LET_IN = `"Authorization: Bearer $(sed 's/.*"token":"\\([^"]*\\)".*/\\1/' "\${VITRINE_HOME:-$HOME/.vitrine}/companion.json")"`;

/** The whole address of a request; `origin` is the preview's. */
export function absoluteUrl(url: string, origin: string): string {
  if (/^[a-z]+:\/\//i.test(url)) return url;
  return url.startsWith('/') ? origin + url : `https://${url.replace(/:443$/, '')}/`;
}

/** A command for a POSIX shell that sends the same request. Every part is quoted: none of it is the shell's. */
export function asCurl(request: NetworkRequestDetail, origin: string): string {
  const { method, requestBody: body } = request;
  const { shown, masked } = headersOf(request);
  const hasBody = body !== undefined && isWhole(request);
  const parts = [`curl ${quoted(absoluteUrl(request.url, origin))}`, '--globoff'];
  if (method === 'HEAD') parts.push('--head');
  else if (method !== (hasBody ? 'POST' : 'GET')) parts.push(`--request ${quoted(method)}`);
  // To curl, a header without a value is one to be left out.
  for (const [name, value] of shown)
    parts.push(`--header ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`);
  if (hasBody && !shown.some(([name]) => /^content-type$/i.test(name)))
    parts.push("--header 'Content-Type:'"); // else curl makes one up
  if (request.url.startsWith('/') && !shown.some(([name]) => /^authorization$/i.test(name)))
    parts.push(`--header ${LET_IN}`);
  const isBinary = hasBody && body.text === null;
  if (hasBody) parts.push(isBinary ? '--data-binary @-' : `--data-raw ${quoted(body.text ?? '')}`);
  const source = isBinary ? `printf %s ${quoted(body.base64 ?? '')} | base64 -d | ` : '';
  return notes(request, masked, '#') + source + parts.join(' \\\n  ');
}

/** A call of fetch() for the console of the app's page. */
export function asFetch(request: NetworkRequestDetail, origin: string): string {
  const { requestBody: body } = request;
  const { shown, masked } = headersOf(request);
  const headers = shown.filter(([name]) => !FORBIDDEN_HEADERS.test(name));
  const options = {
    method: request.method,
    ...(headers.length > 0 && { headers }),
    ...(typeof body?.text === 'string' && !body.isCut && { body: body.text }),
  };
  const isBinary = body?.text === null && isWhole(request);
  const bytes = `Uint8Array.from(atob(${JSON.stringify(body?.base64)}), (letter) => letter.charCodeAt(0))`;
  const json = JSON.stringify(options, null, 2);
  const given = isBinary ? `{ ...${json}, body: ${bytes} }` : json;
  // The page has its own cookies.
  const missing = masked.filter((name) => !FORBIDDEN_HEADERS.test(name));
  return `${notes(request, missing, '//')}await fetch(${JSON.stringify(absoluteUrl(request.url, origin))}, ${given});`;
}

/** What can be sent again, and the names of what is not known. */
function headersOf({ requestHeaders, requestBody }: NetworkRequestDetail) {
  const own = requestHeaders.filter(([name]) => !OWN_HEADERS.test(name));
  return {
    shown: own.filter(
      // A body is shown, and copied, as it is after decoding.
      ([name, value]) => !value.includes(MASK) && !(requestBody && /^content-encoding$/i.test(name)),
    ),
    masked: own.filter(([, value]) => value.includes(MASK)).map(([name]) => name.toLowerCase()),
  };
}

/** Whether the body that was sent is here, all of it. */
function isWhole({ requestBody: body, requestBytes }: NetworkRequestDetail): boolean {
  if (!body) return requestBytes === 0;
  return !body.isCut && (body.text !== null || body.base64 !== undefined);
}

/** Comments on what the copy lacks, one a line. */
function notes(request: NetworkRequestDetail, masked: readonly string[], sign: string): string {
  const said = [
    ...(masked.length > 0 ? [text('network.copy.masked', { names: masked.join(', ') })] : []),
    ...(isWhole(request) ? [] : [text('network.copy.body')]),
  ];
  // Names come from the page: none may end the comment.
  return said.map((line) => `${sign} ${line.replaceAll(/[\r\n\u2028\u2029]/g, ' ')}\n`).join('');
}

/** One word of a POSIX shell, whatever it holds. A shell cannot hold NUL at all. */
function quoted(word: string): string {
  return `'${word.replaceAll('\0', '').replaceAll("'", "'\\''")}'`;
}
