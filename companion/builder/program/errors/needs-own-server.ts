/** Nothing is wrong with the project, but the builder cannot run it: its own dev server may. */
export class NeedsOwnServer extends Error {
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = 'NeedsOwnServer';
  }
}
