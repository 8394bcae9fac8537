// Free of zod: the page loads this before anything else, and so does the builder.

/** Addresses of a preview's origin that are ours: scripts among them are no part of the app. */
export const OWN_PATH = '/__vitrine/';
/** The live socket between a preview page and the companion, on the preview's own origin. */
export const LIVE_PATH = '/__vitrine/live';
/** The same for a worker, which only tells. `?id=` names it. */
export const WORKER_PATH = '/__vitrine/worker';
/** Everything the page needs to run the app (GET). */
export const MODULES_PATH = '/__vitrine/modules';
/** `<prefix><key>.js` is a vendor bundle. */
export const VENDOR_PATH = '/__vitrine/vendor/';
/** The bundler's files. */
export const BUNDLER_PATH = '/__vitrine/bundler/';
/** The page's own scripts. */
export const FRAME_PATH = '/__vitrine/frame/';
/** `<prefix><port>/<path>` is a WebSocket to that port of the pod. */
export const POD_PORT_PATH = '/__vitrine/port/';

/** What the companion asks the builder; everything else that reaches the builder is a browser's request. */
export const BUILDER_PATH = '/__vitrine/builder/';

/** Header of the builder's answers to browsers that are no answers: something else may know better. */
export const UNTAKEN_HEADER = 'x-vitrine-untaken';

/** Name of the symbol under which the page keeps the WebSocket class for Vite's client. */
export const HOT_SOCKET_SYMBOL = 'vitrine.hot-socket';
/** Name of the symbol under which the page keeps what takes Vite's hot context for the page itself. */
export const HOT_READY_SYMBOL = 'vitrine.hot-ready';

/** Largest message a page may send over the live socket, bytes. */
export const MAX_FRAME_MESSAGE_BYTES = 1024 * 1024;
/** Longest name of a place in the code, characters. */
export const MAX_PLACE = 1_000;
/** Most console lines in one message. */
export const MAX_LINES = 100;
/** Most requests in one message. */
export const MAX_REQUESTS = 50;
/** Most links of a page that are told. */
export const MAX_LINKS = 60;

/** Global the vendor bundle registers its modules in: key → function that evaluates one and returns its exports. */
export const VENDOR_GLOBAL = '__vitrine_vendor__';

/** One module as the bundler gets it. `requires` absent: the bundler's own transpilers see to it (raw mode). */
export interface FrameModule {
  code: string;
  requires?: string[];
}
export type FrameModules = Record<string, FrameModule>;

/** Answer to GET {@link MODULES_PATH}. */
export interface FrameBuild {
  /** Names one run of the companion's store; revisions of different sessions do not compare. */
  session: string;
  /** Rises with every update. */
  revision: number;
  /** Name of the vendor bundle in use. */
  vendor: string;
  /** The bundler's template. */
  template: string;
  modules: FrameModules;
}

/** Element of the page that holds a {@link FramePage} as JSON. */
export const PAGE_ELEMENT_ID = '__vitrine_page__';

export interface FramePage {
  mode: 'vite' | 'raw' | 'static';
  /** The project's own dev server made the page, and may send its sockets to other ports. */
  ownServer?: boolean;
  /** Where that listens in the sandbox. */
  serverPort?: number;
  /** Where the backend listens in the sandbox. */
  backendPort?: number;
  /** Module that runs the page's scripts; null while there is no build to run. */
  entry: string | null;
  /** Which pages the companion knows, for a page that Vite's own client runs in. */
  session: string;
  base: string;
  vendor: string;
}

/** Longest text of one console entry, characters (MAX_ENTRY_LENGTH of realtime/console-entry.ts). */
export const MAX_ENTRY_LENGTH = 16_384;
