import type { EnvironmentStatus, Environment as EnvironmentView } from '#shared/api/environment.ts';
import { type ConsoleEntry, MAX_ENTRY_LENGTH } from '#shared/realtime/console-entry.ts';
import type { ChannelHub } from '../realtime/channel-hub.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';
import type { Registry } from '../storage/registry.ts';

export interface JournalOptions {
  record: EnvironmentRecord;
  registry: Registry;
  hub: ChannelHub;
  view(): EnvironmentView;
  /** Told after every change that the API shows. */
  onChange(): void;
}

/** Where an environment's changes go: its record, the registry's events, its channels. */
export class Journal {
  readonly #options: JournalOptions;
  #changeScheduled = false;
  #savedUseAt = 0;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** A change of the status. One that is being terminated stays `stopped`. */
  status(status: EnvironmentStatus, detail?: string): void {
    const { record } = this.#options;
    if (record.status === 'stopped' && status !== 'stopped') return;
    record.status = status;
    this.event(status, detail);
    if (status !== 'stopped') this.save().catch(reportStorage);
    this.changed();
  }

  /** The worktree is on another branch by now. */
  branch(branch: string): void {
    this.#options.record.branch = branch;
    this.save().catch(reportStorage);
    this.changed();
  }

  /** Something that happened: told at once, kept in the registry. */
  event(type: string, detail?: string): void {
    const { hub, registry, record } = this.#options;
    const event = { at: Date.now(), type, detail };
    hub.publish({ channel: 'state', data: { type: 'event', event } });
    registry.recordEvent(record.id, event).catch(reportStorage);
  }

  /** One line for the environment's console. */
  log(entry: Omit<ConsoleEntry, 'at'>): void {
    const isLong = entry.text.length > MAX_ENTRY_LENGTH;
    const text = isLong ? `${entry.text.slice(0, MAX_ENTRY_LENGTH)} … (cut)` : entry.text;
    this.#options.hub.publish({
      channel: 'logs',
      data: { type: 'console', entry: { ...entry, text, at: Date.now() } },
    });
  }

  /** Tells the channels what the environment looks like, once for all changes of this turn of the event loop. */
  changed(): void {
    if (this.#changeScheduled) return;
    this.#changeScheduled = true;
    setImmediate(() => {
      this.#changeScheduled = false;
      if (this.#options.record.status !== 'stopped') this.tell();
      this.#options.onChange();
    });
  }

  /** Tells the channels what it looks like now. */
  tell(): void {
    const { hub, view } = this.#options;
    hub.publish({ channel: 'state', data: { type: 'environment', environment: view() } });
  }

  save(): Promise<void> {
    return this.#options.registry.saveEnvironment(this.#options.record);
  }

  /** As {@link save}, and tells the channels. */
  async saveAndTell(): Promise<void> {
    await this.save();
    this.changed();
  }

  /** Writes down when it was last used, if that is news: after a crash the order of use still counts. */
  async saveUse(): Promise<void> {
    const { record } = this.#options;
    if (this.#savedUseAt === record.lastUsedAt || record.status === 'stopped') return;
    this.#savedUseAt = record.lastUsedAt;
    await this.save();
  }
}

function reportStorage(error: unknown): void {
  console.error('The registry could not be written:', error);
}
