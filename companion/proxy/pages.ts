import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorBody } from '#shared/errors.ts';
import { acceptedLanguages, type Language, spokenOf } from '#shared/language/languages.ts';
import { translate } from '#shared/language/translate.ts';

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

/** Answers with an error: a page for a person, in the browser's language; JSON for a script. Does nothing when an answer has begun. */
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
  if (!asPage) return void response.end(JSON.stringify({ error }));
  const language = spokenOf(acceptedLanguages(request.headers['accept-language']));
  response.end(page(error, language, options.refreshSeconds));
}

function page({ code, ...english }: ErrorBody['error'], language: Language, refreshSeconds?: number): string {
  const [message, remedy] = [english.message, english.remedy].map((words) =>
    escapeHtml(translate(words, language)),
  );
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
${refreshSeconds ? `<meta http-equiv="refresh" content="${refreshSeconds}">` : ''}
<title>${message}</title>
<style>${STYLE}</style>
</head>
<body>
<main${refreshSeconds ? ' role="status"' : ''}>
<div class="${refreshSeconds ? 'mark busy' : 'mark'}" aria-hidden="true"></div>
<h1>${message}</h1>
<p>${remedy}</p>
${refreshSeconds ? '' : `<code>${escapeHtml(code)}</code>`}
</main>
</body>
</html>`;
}

/** Colours of the workbench; a page that comes again each second must look the same each time, so what moves is slow. */
const STYLE = `
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;
font:15px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;
background:light-dark(#fafafa,#161617);color:light-dark(#1c1c1f,#ececee)}
main{width:100%;max-width:46ch;animation:appear .3s ease-out}
.mark{width:28px;height:28px;margin-bottom:18px;border-radius:8px;
border:2px solid light-dark(#c9c9d2,#44444c);position:relative;overflow:hidden}
.mark::after{content:"";position:absolute;inset:auto 0 0;height:34%;background:light-dark(#e4e4ea,#2c2c31)}
.busy::after{inset:0;height:auto;background:light-dark(#5b5bd6,#8e8cf5);animation:fill 1.6s ease-in-out infinite alternate}
h1{margin:0 0 8px;font-size:17px;line-height:1.35;font-weight:600;overflow-wrap:anywhere;text-wrap:balance}
p{margin:0;color:light-dark(#55555f,#a9a9b3);overflow-wrap:anywhere}
code{display:inline-block;margin-top:20px;padding:2px 8px;border-radius:6px;
font:12px/1.6 ui-monospace,"SF Mono",Menlo,monospace;
background:light-dark(#ececf0,#232326);color:light-dark(#5c5c66,#a0a0aa)}
@keyframes fill{from{transform:translateY(78%)}to{transform:translateY(30%)}}
@keyframes appear{from{opacity:.4}to{opacity:1}}
@media (prefers-reduced-motion:reduce){main,.busy::after{animation:none}.busy::after{transform:translateY(50%)}}
`;
