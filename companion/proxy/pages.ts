import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorBody } from '#shared/errors.ts';

/** Text as HTML text or attribute value: whatever an attempt's code put in it stays text (attack 21). */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Whether a browser navigates (and so wants a page) rather than a script that asks for data. */
export function isNavigation({ method, headers }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  const destination = headers['sec-fetch-dest'];
  if (typeof destination === 'string')
    return ['document', 'iframe', 'frame', 'embed', 'object'].includes(destination);
  return headers.accept?.includes('text/html') ?? false;
}

/** Answers with an error: a page for a person, JSON for a script. Does nothing when an answer has begun. */
export function sendPage(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  error: ErrorBody['error'],
  options: { refreshSeconds?: number } = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const asPage = isNavigation(request);
  response.writeHead(status, {
    'content-type': asPage ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...(options.refreshSeconds ? { 'retry-after': String(options.refreshSeconds) } : {}),
    ...(asPage ? { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'" } : {}),
  });
  response.end(asPage ? page(error, options.refreshSeconds) : JSON.stringify({ error }));
}

const page = (error: ErrorBody['error'], refreshSeconds?: number) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
${refreshSeconds ? `<meta http-equiv="refresh" content="${refreshSeconds}">` : ''}
<title>Vitrine</title>
<style>
:root{color-scheme:light dark}
body{margin:0;min-height:100vh;display:grid;place-items:center;font:14px/1.5 system-ui,sans-serif;
background:light-dark(#fafafa,#161617);color:light-dark(#1c1c1f,#ececee)}
main{max-width:44ch;padding:24px}
h1{font-size:15px;margin:0 0 8px;overflow-wrap:anywhere}
p{margin:0;color:light-dark(#5c5c66,#a0a0aa)}
small{display:block;margin-top:16px;font:11px ui-monospace,monospace;color:light-dark(#8a8a94,#74747e)}
</style>
<main><h1>${escapeHtml(error.message)}</h1><p>${escapeHtml(error.remedy)}</p><small>${escapeHtml(error.code)}</small></main>
</html>`;
