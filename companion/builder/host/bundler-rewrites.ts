import { BUNDLER_PATH } from '#shared/frame/page.ts';

export interface Rewrite {
  /** Tested against the path within the bundler. */
  file: RegExp;
  find: string;
  replace: string;
}

/** Remote hosts the bundler asks for packages and tells about itself → path on the preview origin. */
const HOSTS: Record<string, string> = {
  'prod-packager-packages.codesandbox.io': '/__vitrine/packager',
  'aiwi8rnkp5.execute-api.eu-west-1.amazonaws.com/prod': '/__vitrine/packager-build',
  'data.jsdelivr.com': '/__vitrine/jsdelivr-data',
  'cdn.jsdelivr.net': '/__vitrine/jsdelivr',
  'unpkg.com': '/__vitrine/unpkg',
  'col.csbops.io': '/__vitrine/telemetry',
  'api.github.com': '/__vitrine/github',
};

const MAIN = /^static\/js\/sandbox\.[0-9a-f]+\.js$/;
const SHARED = /^static\/js\/default~sandbox~sandbox-startup\.[0-9a-f]+\.chunk\.js$/;
const FILE_SYSTEM = /^static\/browserfs12\/browserfs\.min\.js$/;
const WORKER = /^[a-z-]+-transpiler\.[0-9a-f]+\.worker\.js$/;
/** These ask remote hosts for compilers; no template we use starts them. */
const REMOTE_WORKER = /^(?:svelte|typescript)-transpiler\.[0-9a-f]+\.worker\.js$/;
const LOCAL_WORKER = /^(?:babel|coffee|less|pug|sass|stylus)-transpiler\.[0-9a-f]+\.worker\.js$/;

/**
 * What is changed in the bundler's files on their way to the page. Every one must be found: a bundler that would
 * still speak to a remote host, or to any window, must not be served.
 */
export const REWRITES: Rewrite[] = [
  ...Object.entries(HOSTS).map(([host, path]) => ({ file: MAIN, find: `https://${host}`, replace: path })),
  ...['data.jsdelivr.com', 'cdn.jsdelivr.net', 'unpkg.com'].map((host) => ({
    file: FILE_SYSTEM,
    find: `https://${host}`,
    replace: HOSTS[host] ?? '',
  })),
  { file: REMOTE_WORKER, find: 'https://unpkg.com', replace: '/__vitrine/unpkg' },
  { file: MAIN, find: 'i.p="/"', replace: `i.p="${BUNDLER_PATH}"` },
  { file: MAIN, find: 'new Worker("/', replace: `new Worker("${BUNDLER_PATH}` },
  { file: SHARED, find: 'new Worker("/', replace: `new Worker("${BUNDLER_PATH}` },
  { file: WORKER, find: '.p="/"', replace: `.p="${BUNDLER_PATH}"` },
  { file: LOCAL_WORKER, find: '"/static/', replace: `"${BUNDLER_PATH}static/` },

  // Whether or not the page has a parent or an opener, it is driven from within, and by nobody else.
  {
    file: SHARED,
    find: 'U="undefined"==typeof window||!!(window.location&&window.location.href.indexOf("?standalone")>-1)||!window.opener&&window.parent===window||!!(window.location&&window.location.href.indexOf(w)>-1)',
    replace: 'U=!1',
  },
  {
    file: SHARED,
    find: 'U||null===S&&"initialized"!==e.type||(window.opener?window.opener.postMessage(t,null===S?"*":S):window.parent.postMessage(t,null===S?"*":S))',
    replace: 'window.__vitrine_bundler__.dispatched(t)',
  },
  { file: SHARED, find: 'self.addEventListener("message",_)', replace: 'void 0' },
  {
    file: SHARED,
    find: 'window.addEventListener("message",j)',
    replace: '(window.__vitrine_bundler__.deliver=function(d){L(d,window)})',
  },
  { file: MAIN, find: 'if("preview/init"===e.data.$type)', replace: 'if(!1)' },

  // Nothing of the app's own is touched: its storage, its layout, its console.
  { file: MAIN, find: 'localStorage.setItem("running",""+Date.now())', replace: '0' },
  { file: MAIN, find: 'localStorage.removeItem("running")', replace: '0' },
  { file: MAIN, find: 'localStorage.getItem("running")', replace: '0' },
  { file: MAIN, find: 'function ui(){const e=', replace: 'function ui(){return;const e=' },
  { file: MAIN, find: 'new MutationObserver(ui)', replace: '{observe(){},disconnect(){}}' },
  { file: MAIN, find: 'mi=setInterval(ui,500)', replace: 'mi=0' },
  // Errors of modules the builder made are reported by the page; only raw mode needs the bundler's listener.
  {
    file: MAIN,
    find: 'Object(_.inject)(S)',
    replace: 'window.__vitrine_bundler__.isRaw&&Object(_.inject)(S)',
  },
  {
    file: MAIN,
    find: 'maxWorkerCount:1,preload:!0}',
    replace: 'maxWorkerCount:1,preload:window.__vitrine_bundler__.isRaw}',
  },
  // A test runner of 2 MB that nobody asked for.
  {
    file: MAIN,
    find: 'Promise.all([n.e(0),n.e(1),n.e(2),n.e(7)]).then(n.bind(null,"./src/sandbox/eval/tests/jest-lite.ts"))',
    replace: 'Promise.resolve({default:class{findTests(){return[]}}})',
  },
];
