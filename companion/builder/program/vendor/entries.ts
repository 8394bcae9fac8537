import { relative } from 'node:path';

const MARK = '/node_modules/';

/** The package modules the app imports, each under a key that is the same in every worktree of the project. */
export class VendorEntries {
  readonly #root: string;
  readonly #files = new Map<string, string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Takes a file of a package, answers its key. */
  add(file: string): string {
    const at = file.indexOf(MARK);
    const modules = file.slice(0, at);
    // Several node_modules (a monorepo's packages): the farther ones are told apart by where they are.
    const place = relative(this.#root, modules);
    const key = `${place === '' || place.startsWith('..') ? '' : `${place}:`}${file.slice(at + MARK.length)}`;
    const taken = this.#files.get(key);
    if (taken !== undefined && taken !== file) return this.#addUnder(`${place}:${key}`, file);
    return this.#addUnder(key, file);
  }

  #addUnder(key: string, file: string): string {
    this.#files.set(key, file);
    return key;
  }

  /** Key and file of each, in the order of the keys. */
  list(): [key: string, file: string][] {
    return [...this.#files].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
