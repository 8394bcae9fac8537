import { computed, effect, signal } from '@preact/signals';
import { lossyPath } from '#shared/api/path-bytes.ts';
import type { SearchMatch, SourceTree } from '#shared/api/source.ts';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import type { SourcePlace } from '../preview/preview-model.ts';
import type { Session } from '../session.ts';
import { OpenFile } from './open-file.ts';
import { parentsOf } from './tree-rows.ts';

export interface EditorTab {
  /** `changes` is all of them; it has no path. */
  kind: 'file' | 'diff' | 'changes';
  path: string;
}

/** A burst of changes (a checkout, a formatter) is looked at once. */
const REFRESH_AFTER_MS = 150;
const MAX_TABS = 30;

/**
 * The editor of one environment: what there is, what is open, what is being typed. Outlives the preview that shows
 * it, so that nothing typed is lost by looking at another attempt.
 */
export class EditorModel {
  readonly tree = signal<SourceTree | undefined>(undefined);
  readonly treeFailure = signal<VitrineError | undefined>(undefined);
  readonly filter = signal('');
  readonly openDirectories = signal<ReadonlySet<string>>(new Set());
  readonly tabs = signal<readonly EditorTab[]>([]);
  readonly active = signal<EditorTab | undefined>(undefined);
  /** Where the cursor is wanted next. */
  readonly wanted = signal<SourcePlace | undefined>(undefined);
  readonly sidebar = signal<'files' | 'search' | 'changes'>('files');
  /** What is looked for in all files, as it was typed. */
  readonly searched = signal({ text: '', regex: false, matchCase: false });
  readonly matches = signal<readonly SearchMatch[]>([]);
  readonly searchState = signal<'idle' | 'busy' | 'done' | 'truncated'>('idle');
  readonly searchFailure = signal<VitrineError | undefined>(undefined);
  readonly changed = computed(
    () => this.tree.value?.files.filter(({ status }) => status !== undefined) ?? [],
  );
  /** Of the place where diffs are shown, CSS pixels. */
  readonly diffWidth = signal(0);
  readonly id: string;
  readonly session: Session;
  readonly #files = new Map<string, OpenFile>();
  readonly #saveTimers = new Map<string, ReturnType<typeof setTimeout>>();
  #refreshTimer: ReturnType<typeof setTimeout> | undefined;
  #search = new AbortController();

  constructor(id: string, session: Session) {
    this.id = id;
    this.session = session;
    session.signal.addEventListener('abort', () => {
      clearTimeout(this.#refreshTimer);
      for (const timer of this.#saveTimers.values()) clearTimeout(timer);
    });
  }

  /** Files that hold something that is on no disk. */
  get unsaved(): OpenFile[] {
    return [...this.#files.values()].filter((file) => file.isDirty.peek());
  }

  /** Reads the tree. Never rejects: see `treeFailure`. */
  async refreshTree(): Promise<void> {
    try {
      this.tree.value = await this.session.client.sources.tree(this.id, this.session.signal);
      this.treeFailure.value = undefined;
    } catch (thrown) {
      if (!this.session.signal.aborted) this.treeFailure.value = toVitrineError(thrown);
    }
  }

  /** Files of the worktree were written, by whomever. */
  onFilesChanged(paths: readonly string[]): void {
    const changed = new Set(paths);
    // The watcher knows names that are no text only as they are shown.
    for (const file of this.#files.values()) if (changed.has(lossyPath(file.path))) void file.refresh();
    clearTimeout(this.#refreshTimer);
    this.#refreshTimer = setTimeout(() => void this.refreshTree(), REFRESH_AFTER_MS);
  }

  /** Looks at everything anew: changes may have been missed. */
  refreshAll(): void {
    void this.refreshTree();
    for (const file of this.#files.values()) void file.refresh();
  }

  /** The companion was away: changes may have been missed, and what was typed may be on no disk. */
  onReturn(): void {
    void this.refreshTree();
    for (const file of this.#files.values()) {
      void file.refresh().then(() => {
        if (file.isDirty.peek() && this.tree.peek()?.autoSave) void file.save();
      });
    }
  }

  /** The file at a path; read from disk the first time it is asked for. */
  file(path: string): OpenFile {
    const known = this.#files.get(path);
    if (known) return known;
    const file = new OpenFile(path, this.id, this.session.client.sources, this.session.signal);
    this.#files.set(path, file);
    void file.refresh();
    this.#saveWhenTyped(file);
    return file;
  }

  /** Shows a file, or its diff. The cursor goes to the place, or, where none is named, stays where it was. */
  open(place: SourcePlace, kind: EditorTab['kind'] = 'file', { takesFocus = false } = {}): void {
    const tab = this.tabs.peek().find((each) => each.path === place.path && each.kind === kind);
    const shown = tab ?? { kind, path: place.path };
    if (!tab) this.tabs.value = [...this.tabs.peek(), shown].slice(-MAX_TABS);
    this.active.value = shown;
    this.wanted.value = place.line === undefined && !takesFocus ? undefined : place;
    this.openDirectories.value = new Set([...this.openDirectories.peek(), ...parentsOf(place.path)]);
  }

  /** Takes a tab away; what was typed is saved, or stays in memory where it cannot be. */
  close(tab: EditorTab): void {
    const tabs = this.tabs.peek();
    const at = tabs.indexOf(tab);
    this.tabs.value = tabs.filter((each) => each !== tab);
    if (this.active.peek() === tab) this.active.value = tabs[at + 1] ?? tabs[at - 1];
    const file = this.#files.get(tab.path);
    if (file?.isDirty.peek() && this.tree.peek()?.autoSave) void file.save();
  }

  toggle(directory: string): void {
    const open = new Set(this.openDirectories.peek());
    if (!open.delete(directory)) open.add(directory);
    this.openDirectories.value = open;
  }

  /** Looks for a text in all files; the newest search wins. Never rejects: see `searchFailure`. */
  async search(): Promise<void> {
    const { text, regex, matchCase } = this.searched.peek();
    this.#search.abort();
    this.#search = new AbortController();
    const { signal } = this.#search;
    this.searchFailure.value = undefined;
    this.searchState.value = text === '' ? 'idle' : 'busy';
    this.matches.value = [];
    if (text === '') return;
    const flag = (value: boolean) => (value ? 'true' : 'false');
    const query = { text, regex: flag(regex), matchCase: flag(matchCase) } as const;
    try {
      const ended = AbortSignal.any([signal, this.session.signal]);
      const found = await this.session.client.sources.search(this.id, query, ended);
      this.matches.value = found.matches;
      this.searchState.value = found.truncated ? 'truncated' : 'done';
    } catch (thrown) {
      if (signal.aborted || this.session.signal.aborted) return;
      this.searchFailure.value = toVitrineError(thrown);
      this.searchState.value = 'idle';
    }
  }

  /** Saves what was typed once nobody has typed for as long as the configuration says. */
  #saveWhenTyped(file: OpenFile): void {
    const stop = effect(() => {
      file.text.value;
      const isDue = file.isDirty.value && !file.conflict.value && !file.isReadOnly.value;
      clearTimeout(this.#saveTimers.get(file.path));
      const { autoSave = true, syncDelayMs = 500 } = this.tree.peek() ?? {};
      if (isDue && autoSave)
        this.#saveTimers.set(
          file.path,
          setTimeout(() => void file.save(), syncDelayMs),
        );
    });
    this.session.signal.addEventListener('abort', stop);
  }
}

const models = new WeakMap<Session, Map<string, EditorModel>>();

/** The editor of an environment: the same one for as long as the companion is. */
export function editorOf(session: Session, id: string): EditorModel {
  const known = models.get(session) ?? new Map<string, EditorModel>();
  models.set(session, known);
  const editor = known.get(id) ?? new EditorModel(id, session);
  known.set(id, editor);
  return editor;
}

/** Whether something was typed that is on no disk yet. */
export function hasUnsaved(session: Session): boolean {
  return [...(models.get(session)?.values() ?? [])].some((editor) => editor.unsaved.length > 0);
}
