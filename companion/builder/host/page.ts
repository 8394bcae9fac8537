import {
  BUNDLER_PATH,
  FRAME_PATH,
  type FramePage,
  PAGE_ELEMENT_ID,
  VENDOR_PATH,
} from '#shared/frame/page.ts';
import { BUNDLER_SCRIPTS } from './bundler-files.ts';
import { bundlerVersion, frameVersion } from './versions.ts';

/** The app's page with what makes it a preview: the shim before everything else, then what runs beside the app. */
export function assemblePage(
  html: string,
  { mode, entry, base, vendor, session, backendPort }: FramePage,
): string {
  const page: FramePage = { mode, entry, base, vendor, session, backendPort };
  const head =
    mode === 'raw' ? [data(page), shim(), ...bundler(vendor), driver()] : [data(page), shimWithCompanion()];
  return insertIntoHead(html, head.join('\n'));
}

/** Shown while there is nothing to run: the driver shows the error, and reloads when there is. */
export function waitingPage(session: string): string {
  const page: FramePage = { mode: 'static', entry: null, base: '/', vendor: '', session };
  const head = [data(page), shimWithCompanion()];
  return `<!doctype html>\n<html><head><meta charset="utf-8"><title>Vitrine</title>\n${head.join('\n')}\n</head><body></body></html>\n`;
}

/** Runs before everything else in a page. */
export const shimUrl = (): string => `${FRAME_PATH}shim.js?v=${frameVersion()}`;

function bundler(vendor: string): string[] {
  const scripts = BUNDLER_SCRIPTS.map((file) => `${BUNDLER_PATH}${file}?v=${bundlerVersion()}`);
  return [
    ...scripts.map((source) => `<script defer src="${source}"></script>`),
    ...(vendor === '' ? [] : [`<script defer src="${VENDOR_PATH}${vendor}.js"></script>`]),
  ];
}

const shim = (): string => `<script src="${shimUrl()}"></script>`;

/** Leaves nothing of itself in the document, and gets what runs beside the app. */
const shimWithCompanion = (): string =>
  `<script src="${shimUrl()}" data-companion="${FRAME_PATH}companion.js?v=${frameVersion()}"></script>`;

/** Comes after the bundler. */
const driver = (): string =>
  `<script type="module" src="${FRAME_PATH}driver.js?v=${frameVersion()}"></script>`;

/** Data, never markup: `<` cannot end the element. */
const data = (page: FramePage): string =>
  `<script type="application/json" id="${PAGE_ELEMENT_ID}">${JSON.stringify(page).replaceAll('<', '\\u003c')}</script>`;

/** What comes before a head's contents: no tag that a comment or a script names. */
const PROLOGUE = /^(?:\s|<!--[\s\S]*?-->|<!doctype[^>]*>|<html(?:\s[^>]*)?>)*(?:<head(?:\s[^>]*)?>)?/i;

/** Before everything else of the head; a page without one gets it where a parser would put it. */
function insertIntoHead(html: string, text: string): string {
  const at = PROLOGUE.exec(html)?.[0].length ?? 0;
  return `${html.slice(0, at)}\n${text}\n${html.slice(at)}`;
}
