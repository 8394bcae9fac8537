import { readFileSync } from 'node:fs';
import { FRAME_PATH, type FramePage, PAGE_ELEMENT_ID } from '#shared/frame/page.ts';
import { frameFile } from '../host/frame-files.ts';
import { frameVersion } from '../host/versions.ts';

/** The one script that makes a page of the dev server a preview. */
export const PAGE_SCRIPT_PATH = '/__vitrine/devserver/page.js';

const PAGE: FramePage = { mode: 'static', entry: '', base: '/', vendor: '', session: 'static' };

/** The element for the page's head. It takes itself out, so that the app finds the document it made. */
export const pageElement = (nonce?: string): string =>
  `<script src="${PAGE_SCRIPT_PATH}?v=${frameVersion()}"${nonce === undefined ? '' : ` nonce="${nonce}"`}></script>`;

/**
 * The shim, which runs before anything of the page, and then beside it the link to the companion. Frameworks that
 * take over a document compare it with their own: nothing is left in it.
 */
export function pageScript(): string {
  const shim = readFileSync(frameFile('shim.js'), 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
  const driver = `${FRAME_PATH}companion.js?v=${frameVersion()}`;
  return `(() => {
const script = document.currentScript;
const data = document.createElement('script');
data.type = 'application/json';
data.id = ${JSON.stringify(PAGE_ELEMENT_ID)};
data.textContent = ${JSON.stringify(JSON.stringify(PAGE))};
script.after(data);
try {
${shim}
} finally {
data.remove();
script.remove();
}
import(${JSON.stringify(driver)});
})();
`;
}
