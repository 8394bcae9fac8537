import { batch, computed, signal } from '@preact/signals';
import type { SourceFile } from '#shared/api/source.ts';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import type { SourceCalls } from '../../companion/calls/source-calls.ts';
import { mergeTexts, type Side } from './merge-texts.ts';
import { readOnlyMode } from './read-only-mode.ts';
import { type TextFormat, toContent, toDocument } from './text-format.ts';

/** A text as it is on disk. */
interface DiskText {
  text: string;
  format: TextFormat;
  /** Null for a file that is not there. */
  version: string | null;
}

/** How often a save is tried again after the file was changed under it. */
const SAVE_ATTEMPTS = 3;

type FileCalls = Pick<SourceCalls, 'get' | 'put'>;

/**
 * One file in the editor. What somebody else writes to it is merged with what is being typed; where that cannot be,
 * both stay until a person has chosen.
 */
export class OpenFile {
  readonly path: string;
  /** What the editor shows. Set by typing, and by what comes from disk. */
  readonly text = signal('');
  readonly status = signal<'loading' | 'ready' | 'unreadable' | 'failed'>('loading');
  readonly obstacle = signal<SourceFile['obstacle']>(undefined);
  readonly size = signal(0);
  /** What is on disk, where it cannot be brought together with what was typed. */
  readonly conflict = signal<DiskText | undefined>(undefined);
  /** Deleted by somebody else while it was open. */
  readonly isGone = signal(false);
  readonly failure = signal<VitrineError | undefined>(undefined);
  readonly saving = signal(false);
  readonly #saved = signal<DiskText>({
    text: '',
    format: { hasByteOrderMark: false, lineEnds: 'lf' },
    version: null,
  });
  readonly isDirty = computed(
    () => this.status.value === 'ready' && this.text.value !== this.#saved.value.text,
  );
  readonly isReadOnly = computed(() => readOnlyMode.value || this.obstacle.value !== undefined);
  readonly #environmentId: string;
  readonly #calls: FileCalls;
  readonly #signal: AbortSignal;
  /** Reads and writes, one after the other. */
  #queue: Promise<void> = Promise.resolve();

  constructor(path: string, environmentId: string, calls: FileCalls, signal: AbortSignal) {
    this.path = path;
    this.#environmentId = environmentId;
    this.#calls = calls;
    this.#signal = signal;
  }

  get format(): TextFormat {
    return this.#saved.peek().format;
  }

  /** Reads the file, for the first time or because it may have changed. Never rejects: see `failure`. */
  refresh(): Promise<void> {
    return this.#enqueue(() => this.#read());
  }

  /** Writes what was typed, after bringing it together with what others wrote. Never rejects: see `failure`. */
  save(): Promise<void> {
    return this.#enqueue(() => this.#write());
  }

  /**
   * Ends a conflict: where both changed the same lines, one side's are taken; all other changes of both stay. Returns
   * what the text would be by the other choice.
   */
  async resolve(side: Side): Promise<string | undefined> {
    const theirs = this.conflict.peek();
    if (!theirs) return undefined;
    const [before, mine] = [this.#saved.peek().text, this.text.peek()];
    batch(() => {
      this.conflict.value = undefined;
      this.#saved.value = theirs;
      this.text.value = mergeTexts(before, mine, theirs.text, side) ?? mine;
    });
    if (this.isDirty.peek()) await this.save();
    return mergeTexts(before, mine, theirs.text, side === 'mine' ? 'theirs' : 'mine');
  }

  async #read(): Promise<void> {
    let file: SourceFile;
    try {
      file = await this.#calls.get(this.#environmentId, this.path, this.#signal);
    } catch (thrown) {
      const error = toVitrineError(thrown);
      if (error.code === 'FILE_MISSING' && this.status.peek() === 'ready') return this.#takeDeletion();
      throw error;
    }
    batch(() => {
      this.failure.value = undefined;
      this.isGone.value = false;
      this.obstacle.value = file.obstacle;
      this.size.value = file.size;
      if (file.content === null) this.status.value = 'unreadable';
      else this.#take({ ...toDocument(file.content), version: file.version });
    });
  }

  #take(theirs: DiskText): void {
    const saved = this.#saved.peek();
    const wasReady = this.status.peek() === 'ready';
    this.status.value = 'ready';
    if (wasReady && theirs.version === saved.version) {
      this.conflict.value = undefined;
      return;
    }
    const merged = wasReady ? mergeTexts(saved.text, this.text.peek(), theirs.text) : theirs.text;
    if (merged === undefined) {
      this.conflict.value = theirs;
      return;
    }
    this.conflict.value = undefined;
    this.#saved.value = theirs;
    this.text.value = merged;
  }

  #takeDeletion(): void {
    batch(() => {
      this.isGone.value = true;
      // Saving makes it anew.
      this.#saved.value = { ...this.#saved.peek(), version: null };
    });
  }

  async #write(): Promise<void> {
    this.saving.value = true;
    try {
      for (let attempt = 1; ; attempt++) {
        const isUnsaved = this.isDirty.peek() || this.isGone.peek();
        if (!isUnsaved || this.conflict.peek() || this.isReadOnly.peek()) return;
        if (await this.#writeOnce(attempt === SAVE_ATTEMPTS)) return;
        await this.#read();
      }
    } finally {
      this.saving.value = false;
    }
  }

  /** False when the file was changed by somebody else, so that it has to be read first. */
  async #writeOnce(isLast: boolean): Promise<boolean> {
    const { format, version } = this.#saved.peek();
    const text = this.text.peek();
    const file = { path: this.path, content: toContent(text, format), version };
    try {
      const written = await this.#calls.put(this.#environmentId, file, this.#signal);
      batch(() => {
        this.#saved.value = { text, format, version: written };
        this.isGone.value = false;
        this.failure.value = undefined;
      });
      return true;
    } catch (thrown) {
      const error = toVitrineError(thrown);
      if (error.code === 'SOURCE_CHANGED' && !isLast) return false;
      throw error;
    }
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(work).catch((thrown: unknown) => {
      if (this.#signal.aborted) return;
      this.failure.value = toVitrineError(thrown);
      if (this.status.peek() === 'loading') this.status.value = 'failed';
    });
    return this.#queue;
  }
}
