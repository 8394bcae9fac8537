import { join, relative } from 'node:path';
import { MAX_ENTRY_LENGTH } from '#shared/realtime/console-entry.ts';

/** Places that are remembered: most lines of a page come from few. */
const MAX_KNOWN = 500;
const URL_PLACE = /^(.*?)(:\d+:\d+)$/;

export interface PrintPlacesOptions {
  root: string;
  worktree: string;
  /** `vite`: the sources are known. `static`: files are served as they are. Others are not known. */
  mode(): string | undefined;
  /** Puts the places of the sources into a stack. Rejects where there is no builder, or it takes too long. */
  mapStack(stack: string): Promise<string>;
}

/** A line that may say where it comes from. */
interface Placed {
  stack?: string | undefined;
  place?: string | undefined;
}

/** Where in the sources it is that pages print. */
export class PrintPlaces {
  readonly #options: PrintPlacesOptions;
  readonly #known = new Map<string, Promise<string | undefined>>();

  constructor(options: PrintPlacesOptions) {
    this.#options = options;
  }

  /** The line with the places of its stack and its own in the sources. Never rejects. */
  async into<L extends Placed>(line: L): Promise<L> {
    const { stack, place } = line;
    const [mapped, found] = await Promise.all([
      stack === undefined ? undefined : this.#stack(stack),
      place === undefined ? undefined : this.#place(place),
    ]);
    return { ...line, stack: mapped, place: found };
  }

  /** Modules changed: the same place may be another one. */
  forget(): void {
    this.#known.clear();
  }

  async #stack(stack: string): Promise<string> {
    if (this.#options.mode() !== 'vite') return stack;
    const mapped = await this.#options.mapStack(stack).catch(() => stack);
    return mapped.slice(0, MAX_ENTRY_LENGTH);
  }

  #place(place: string): Promise<string | undefined> {
    const known = this.#known.get(place);
    if (known) return known;
    const found = this.#find(place);
    this.#known.set(place, found);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_KNOWN) break;
      this.#known.delete(oldest);
    }
    return found;
  }

  async #find(place: string): Promise<string | undefined> {
    const mode = this.#options.mode();
    if (mode === 'static') return this.#served(place);
    if (mode !== 'vite') return undefined;
    const mapped = await this.#options.mapStack(place).catch(() => {
      this.#known.delete(place);
      return place;
    });
    // A line of a compiled module says nothing about its source; a package's is looked at as it is.
    return mapped !== place || place.includes('/node_modules/') ? mapped : undefined;
  }

  /** A file of a static site; undefined for the page itself, into which a script was put. */
  #served(place: string): string | undefined {
    const [, url = '', position] = URL_PLACE.exec(place) ?? [];
    const file = fileOf(url);
    if (file === undefined) return undefined;
    const { root, worktree } = this.#options;
    const path = relative(worktree, join(root, file)).replaceAll('\\', '/');
    return /\.[cm]?js$/.test(path) && !path.startsWith('../') ? `${path}${position}` : undefined;
  }
}

/** Undefined for what is no address, or one that nobody encoded so. */
function fileOf(url: string): string | undefined {
  try {
    return decodeURI(new URL(url).pathname);
  } catch {
    return undefined;
  }
}
