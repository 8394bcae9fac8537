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
export function assemblePage(html: string, { mode, entry, base, vendor, session }: FramePage): string {
  const page: FramePage = { mode, entry, base, vendor, session };
  const head = [
    data(page),
    `<script src="${FRAME_PATH}shim.js?v=${frameVersion()}"></script>`,
    ...(mode === 'raw' ? bundler(vendor) : []),
    driver(mode),
  ];
  return insertIntoHead(html, head.join('\n'));
}

/** Shown while there is nothing to run: the driver shows the error, and reloads when there is. */
export function waitingPage(session: string): string {
  const page: FramePage = { mode: 'static', entry: null, base: '/', vendor: '', session };
  const head = [
    data(page),
    `<script src="${FRAME_PATH}shim.js?v=${frameVersion()}"></script>`,
    driver(page.mode),
  ];
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Preview</title>\n${head.join('\n')}\n</head><body></body></html>\n`;
}

function bundler(vendor: string): string[] {
  const scripts = BUNDLER_SCRIPTS.map((file) => `${BUNDLER_PATH}${file}?v=${bundlerVersion()}`);
  return [
    ...scripts.map((source) => `<script defer src="${source}"></script>`),
    ...(vendor === '' ? [] : [`<script defer src="${VENDOR_PATH}${vendor}.js"></script>`]),
  ];
}

/** Beside Vite's client nothing has to be in order; the bundler's driver comes after the bundler. */
const driver = (mode: FramePage['mode']): string =>
  mode === 'raw'
    ? `<script type="module" src="${FRAME_PATH}driver.js?v=${frameVersion()}"></script>`
    : `<script async type="module" src="${FRAME_PATH}companion.js?v=${frameVersion()}"></script>`;

/** Data, never markup: `<` cannot end the element. */
const data = (page: FramePage): string =>
  `<script type="application/json" id="${PAGE_ELEMENT_ID}">${JSON.stringify(page).replaceAll('<', '\\u003c')}</script>`;

/** Before everything else of the head; a page without one gets it where a parser would put it. */
function insertIntoHead(html: string, text: string): string {
  const tag =
    /<head(?:\s[^>]*)?>/i.exec(html) ?? /<html(?:\s[^>]*)?>/i.exec(html) ?? /<!doctype[^>]*>/i.exec(html);
  const at = tag ? tag.index + tag[0].length : 0;
  return `${html.slice(0, at)}\n${text}\n${html.slice(at)}`;
}
