/** One application of the corpus: how it comes to be, and what is done with it. */
export interface CorpusApp {
  name: string;
  /** A template of create-vite that the files are laid over. */
  template?: string;
  /** Path → text (or `base64:` and bytes), over the template's. `null` removes a file. */
  files?: Record<string, string | null>;
  /** Packages beside those of the manifest: name → range. */
  packages?: Record<string, string>;
  /** Installs the packages; npm unless told. */
  install?: string[];
  /** Run once when the packages are installed. */
  prepare?: string[];
  /** Where the project's own dev server is started and its page is; the app's own directory unless told. */
  root?: string;
  /** The project's own dev server; `PORT` is put in. Vite's unless told. */
  command?: string[];
  /** Path the page is opened at. */
  path?: string;
  /** Selector that is there when the page is. */
  ready: string;
  /** Selector clicked before the edits, so that there is state to lose. */
  click?: string;
  /** Selector whose text is the state. */
  state?: string;
  /** Expression that has to have a value before the first screenshot. */
  settled?: string;
  edits: Edit[];
}

export interface Edit {
  what: 'script' | 'template' | 'style';
  file: string;
  from: string;
  to: string;
  /** Expression in the page that is true when the edit is shown. */
  shows: string;
}

export const textIs = (selector: string, text: string): string =>
  `document.querySelector(${JSON.stringify(selector)})?.textContent.includes(${JSON.stringify(text)})`;

export const styleIs = (selector: string, property: string, value: string): string =>
  `(() => { const found = document.querySelector(${JSON.stringify(selector)}); return found && getComputedStyle(found).getPropertyValue(${JSON.stringify(property)}) === ${JSON.stringify(value)}; })()`;
