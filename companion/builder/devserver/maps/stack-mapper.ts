import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { MapReader } from './map-reader.ts';
import type { ServedScripts } from './served-scripts.ts';
import { type SourcePlaces, sourceFile } from './source-file.ts';
import { linkOfEvaluated, linkOfScript, type MapLink } from './source-map-link.ts';

/** `http://host:port/main.js:12:7`, and a module that was evaluated under a name of its own. */
const PLACE = /(https?:\/\/[\w.:[\]-]+|webpack-internal:\/\/)(\/[^\s]*?):(\d+):(\d+)(?=[\s)]|$)/g;
/** Places looked up in one stack. */
const MAX_PLACES = 40;
/** Scripts searched for a module that was evaluated. */
const MAX_SEARCHED = 60;
/** Places that are remembered: most come again. */
const MAX_KNOWN = 1_000;

/** Puts places of the sources in place of those of the scripts that a dev server made of them. */
export class StackMapper {
  readonly #scripts: ServedScripts;
  readonly #places: SourcePlaces & { origin: string };
  readonly #reader = new MapReader();
  readonly #known = new Map<string, Promise<string | null>>();
  /** Maps of before a page's load are not those of after it. */
  #round = 0;

  constructor(scripts: ServedScripts, places: SourcePlaces & { origin: string }) {
    this.#scripts = scripts;
    this.#places = places;
  }

  /** The stack with the places that are known, relative to the worktree; what is not known stays. */
  async mapStack(stack: string): Promise<string> {
    const found = [...stack.matchAll(PLACE)].slice(0, MAX_PLACES);
    const mapped = await Promise.all(
      found.map(([whole, host = '', path = '', line, column]) =>
        this.#place(whole, host, path, Number(line), Number(column)),
      ),
    );
    let index = 0;
    return stack.replace(PLACE, (whole) => mapped[index++] ?? whole);
  }

  /** A page was loaded. */
  forget(): void {
    this.#round += 1;
    this.#known.clear();
    this.#scripts.forget();
  }

  close(): void {
    this.forget();
    this.#reader.close();
  }

  #place(whole: string, host: string, path: string, line: number, column: number): Promise<string | null> {
    const known = this.#known.get(whole);
    if (known) return known;
    // Those of packages are no sources of the project.
    if (path.includes('/node_modules/')) return Promise.resolve(null);
    const isServed = host === this.#places.origin;
    if (!isServed && !host.startsWith('webpack-internal:')) return Promise.resolve(null);
    const found = (
      isServed ? this.#inScript(path, line, column) : this.#inEvaluated(`${host}${path}`, line, column)
    ).catch(() => null);
    this.#known.set(whole, found);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_KNOWN) break;
      this.#known.delete(oldest);
    }
    return found;
  }

  async #inScript(path: string, line: number, column: number): Promise<string | null> {
    const script = await this.#scripts.text(path);
    if (script === null) return null;
    const link = linkOfScript(script);
    if (link) return this.#through(link, path, path, line, column);
    return this.#asItIs(script, path, line, column);
  }

  async #inEvaluated(name: string, line: number, column: number): Promise<string | null> {
    for (const path of this.#scripts.paths.slice(0, MAX_SEARCHED)) {
      const script = await this.#scripts.text(path);
      const link = script && linkOfEvaluated(script, name);
      if (link === undefined) return null;
      if (link) return this.#through(link, `${path} ${name}`, path, line, column);
    }
    return null;
  }

  async #through(
    link: MapLink,
    key: string,
    path: string,
    line: number,
    column: number,
  ): Promise<string | null> {
    const load = async () => ('map' in link ? link.map : this.#linked(link.address, path));
    const place = await this.#reader.find(`${this.#round} ${key}`, { line, column }, load);
    if (!place) return null;
    const file = await sourceFile(place.source, pathOf(path), this.#places);
    return file === null ? null : `${file}:${place.line}:${place.column}`;
  }

  async #linked(address: string, from: string): Promise<Buffer | null> {
    const { origin } = this.#places;
    if (!URL.canParse(address, origin + from)) return null;
    const url = new URL(address, origin + from);
    return url.origin === origin ? this.#scripts.linked(url.pathname + url.search) : null;
  }

  /** A script without a map may be a file as it lies there. */
  async #asItIs(script: Buffer, path: string, line: number, column: number): Promise<string | null> {
    const served = pathOf(path);
    const file = await sourceFile(posix.basename(served), served, this.#places);
    if (file === null) return null;
    const lineOf = (text: string) => text.split('\n')[line - 1]?.trim();
    const text = await readFile(join(this.#places.worktree, file), 'utf8');
    return lineOf(text) !== undefined && lineOf(text) === lineOf(script.toString('utf8'))
      ? `${file}:${line}:${column}`
      : null;
  }
}

const pathOf = (path: string): string => path.split('?', 1)[0] ?? path;
