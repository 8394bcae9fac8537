import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { Attempt } from '#shared/api/attempt.ts';
import type { CreateEnvironment, Environment } from '#shared/api/environment.ts';
import { toVitrineError } from '#shared/errors.ts';
import { CompanionClient } from '../companion/client.ts';
import type { CompanionAddress } from '../companion/connection.ts';
import { AttemptStore } from './attempts/attempt-store.ts';
import { EnvironmentStore } from './environments/environment-store.ts';
import { PendingEnds } from './environments/pending-ends.ts';
import type { ShownTarget, WorkbenchHome, WorkbenchTarget } from './home.ts';
import type { DeepLink } from './layout/deep-link.ts';
import { dock, editorShown } from './layout/panels.ts';
import { type View, ViewStore } from './layout/view.ts';
import { followNews } from './notifications/notifier.ts';
import { notifyOutside } from './notifications/notify-setting.ts';
import type { PreviewModel } from './preview/preview-model.ts';
import { withoutDirectionMarks } from './text/name.ts';
import { text } from './text/text.ts';

/** In a message. */
const LONGEST_TITLE = 80;

/** What is known of one companion, for as long as it has the same address and token. */
export interface Session {
  readonly client: CompanionClient;
  readonly environments: EnvironmentStore;
  readonly attempts: AttemptStore;
  /** Environments that somebody stopped and may still want back. */
  readonly ends: PendingEnds;
  readonly signal: AbortSignal;
}

export interface AnnouncementAction {
  label: string;
  run: () => void;
}

/** The workbench without its looks: which companion, which view, and what a person can do. */
export class WorkbenchModel {
  readonly home: WorkbenchHome;
  readonly view = new ViewStore();
  /** The preview that commands are for: the first of a comparison. */
  readonly activePreview = signal<PreviewModel | undefined>(undefined);
  /** Stays while the companion is away, so that what is on screen stays too. */
  readonly session: ReadonlySignal<Session | undefined>;
  /** Said to screen readers, and shown for a moment; the newest takes the place of the one before. */
  readonly announcement = signal('');
  /** What a person can do about it, for as long as it is shown. */
  readonly announcementAction = signal<AnnouncementAction | undefined>(undefined);
  readonly #abort = new AbortController();
  readonly #session = signal<Session | undefined>(undefined);
  #sessionAbort = new AbortController();
  #openings = 0;
  #link: DeepLink | undefined;

  constructor(home: WorkbenchHome) {
    this.home = home;
    this.#link = home.link;
    this.session = this.#session;
    const stops = [
      this.#followConnection(),
      this.#followTarget(),
      this.#leaveWhatEnded(),
      this.#tellHome(),
      this.#followNews(),
      this.#keepShown(),
    ];
    this.#abort.signal.addEventListener('abort', () => {
      for (const stop of stops) stop();
      this.#sessionAbort.abort();
    });
  }

  close(): void {
    this.#abort.abort();
  }

  /** What the address said of the first preview; once, as others are shown as they were left. */
  takeLink(): DeepLink | undefined {
    const link = this.#link;
    this.#link = undefined;
    return link;
  }

  announce(message: string, action?: AnnouncementAction): void {
    this.announcementAction.value = action;
    this.announcement.value = message;
  }

  /** Starts the preview of an attempt, or finds the one it has, and shows it. */
  async startAttempt(attempt: Attempt): Promise<void> {
    await this.open(requestFor(attempt));
  }

  /** Starts an attempt beside the environment that is shown. Rejects with a VitrineError. */
  async compareWithAttempt(attempt: Attempt): Promise<void> {
    const session = this.#session.peek();
    if (!session) return;
    const { environmentId } = await session.environments.create(requestFor(attempt), session.signal);
    this.view.compareWith(environmentId);
  }

  /** Ends environments, after a while in which it can be undone. They are left at once. */
  end(ended: readonly Pick<Environment, 'id' | 'title'>[]): void {
    const ends = this.#session.peek()?.ends;
    const [first] = ended;
    if (!ends || !first) return;
    const before = this.view.current.peek();
    const ids = ended.map(({ id }) => id);
    for (const id of ids) this.view.leave(id);
    const left = this.view.current.peek();
    ends.schedule(ids);
    const count = ids.length;
    const title = withoutDirectionMarks(first.title).slice(0, LONGEST_TITLE) || text('attempts.untitled');
    const undo = () => {
      ends.undo(ids);
      // Whoever has gone elsewhere meanwhile is not called back.
      if (this.view.current.peek() === left) this.view.current.value = before;
      this.announce(count === 1 ? text('preview.kept', { title }) : text('environments.kept', { count }));
    };
    const message = count === 1 ? text('preview.ending', { title }) : text('environments.ending', { count });
    this.announce(message, { label: text('action.undo'), run: undo });
  }

  async #end(environments: EnvironmentStore, id: string, signal: AbortSignal): Promise<void> {
    try {
      await environments.act(id, 'terminate');
    } catch (thrown) {
      const { message, remedy } = toVitrineError(thrown);
      if (!signal.aborted) this.announce(`${message} ${remedy}`);
    }
  }

  /** Asks for an environment and shows it; a refusal is shown in its place. */
  async open(request: CreateEnvironment): Promise<void> {
    const session = this.#session.peek();
    if (!session) return;
    const opening = ++this.#openings;
    this.view.current.value = { kind: 'opening', request };
    // Whoever has gone elsewhere meanwhile is not called back.
    const isCurrent = () => opening === this.#openings && this.view.current.peek().kind === 'opening';
    try {
      const { environmentId } = await session.environments.create(request, session.signal);
      if (isCurrent()) this.view.showEnvironment(environmentId);
    } catch (thrown) {
      if (session.signal.aborted || !isCurrent()) return;
      this.view.current.value = { kind: 'opening', request, failure: toVitrineError(thrown) };
    }
  }

  /** The target that would show the same in another home. */
  targetOf(view: View): ShownTarget {
    if (view.kind === 'preview') return { kind: 'environment', environmentId: view.environmentId };
    const board = view.kind === 'opening' ? view.request.board : undefined;
    if (view.kind !== 'opening' || !board) return { kind: 'none' };
    return { kind: 'task', taskId: view.request.taskId, boardUrl: board.url, title: view.request.title };
  }

  #followConnection(): () => void {
    let known: CompanionAddress | undefined;
    return effect(() => {
      const state = this.home.connection.state.value;
      if (state.status !== 'connected') return;
      if (known?.baseUrl === state.address.baseUrl && known.token === state.address.token) return;
      known = state.address;
      this.#sessionAbort.abort();
      this.#sessionAbort = new AbortController();
      this.#session.value = this.#startSession(state.address, this.#sessionAbort.signal);
    });
  }

  #startSession(address: CompanionAddress, signal: AbortSignal): Session {
    const client = new CompanionClient(address);
    const onDrop = () => this.home.connection.reportFailure();
    const environments = new EnvironmentStore(client, { onDrop, signal });
    const attempts = new AttemptStore(client, signal);
    void attempts.refresh();
    const ends = new PendingEnds((id) => void this.#end(environments, id, signal), signal);
    return { client, environments, attempts, ends, signal };
  }

  /** Shows what the home is asked to show, once there is a companion; again for each new target. */
  #followTarget(): () => void {
    let followed: WorkbenchTarget | undefined;
    return effect(() => {
      const session = this.#session.value;
      const target = this.home.target.value;
      if (!session || target === followed) return;
      followed = target;
      if (target.kind === 'environment') this.view.showEnvironment(target.environmentId);
      if (target.kind === 'known-task') this.#showTask(session, target.taskId);
      if (target.kind !== 'task') return;
      void this.open({
        taskId: target.taskId,
        agentId: session.attempts.agentOf(target.taskId) ?? 'unknown',
        board: { url: target.boardUrl },
        title: target.title?.slice(0, 500),
      });
    });
  }

  /** Shows the newest preview of a task, once the list is known; an address alone starts nothing. */
  #showTask({ environments, signal }: Session, taskId: string): void {
    const stop = effect(() => {
      if (!environments.loaded.value) return;
      const [newest] = environments.list
        .peek()
        .filter((each) => each.taskId === taskId)
        .toSorted((a, b) => b.createdAt - a.createdAt);
      queueMicrotask(() => stop());
      if (newest) this.view.showEnvironment(newest.id);
      else this.announce(text('preview.task-unknown'));
    });
    signal.addEventListener('abort', () => stop(), { once: true });
  }

  #tellHome(): () => void {
    const { onShown } = this.home;
    if (!onShown) return () => {};
    return effect(() => {
      const target = this.targetOf(this.view.current.value);
      const preview = this.activePreview.value;
      const link: DeepLink = preview
        ? {
            path: preview.frame.route.value,
            device: preview.device.size.value,
            dock: dock.value,
            editor: editorShown.value,
          }
        : {};
      // Before there is a companion nothing was shown yet, least of all nothing.
      if (this.#session.value) untracked(() => onShown(target, link));
    });
  }

  /** Whoever goes back to a preview that is about to end wants it. */
  #keepShown(): () => void {
    return effect(() => {
      const view = this.view.current.value;
      const ends = this.#session.value?.ends;
      if (view.kind === 'preview') untracked(() => ends?.undo([view.environmentId, view.compareId ?? '']));
    });
  }

  #followNews(): () => void {
    return followNews({
      environments: computed(() => {
        const environments = this.#session.value?.environments;
        return environments?.loaded.value ? environments.byId.value : undefined;
      }),
      isLookedAt: () => document.visibilityState === 'visible' && document.hasFocus(),
      isShown: (id) => {
        const view = this.view.current.peek();
        return view.kind === 'preview' && (view.environmentId === id || view.compareId === id);
      },
      notify: (notification) => {
        // A notification that the browser refuses is one that is not seen; the list tells the same.
        if (notifyOutside.peek()) void this.home.notifications?.show(notification);
      },
      announce: (message, show) => this.announce(message, { label: text('notify.show'), run: show }),
      show: (id) => this.view.showEnvironment(id),
      showAll: () => this.view.showScreen('environments'),
    });
  }

  /** An environment that was there and is there no more cannot be shown. */
  #leaveWhatEnded(): () => void {
    let before: ReadonlySet<string> = new Set();
    return effect(() => {
      const now = new Set(this.#session.value?.environments.byId.value.keys());
      const view = this.view.current.peek();
      const shown = view.kind === 'preview' ? [view.environmentId, view.compareId ?? ''] : [];
      for (const id of shown) {
        if (!before.has(id) || now.has(id)) continue;
        this.view.leave(id);
        const asked = this.#session.peek()?.environments.busy.peek().get(id) === 'terminate';
        if (!asked) this.announce(text('preview.gone'));
      }
      before = now;
    });
  }
}

function requestFor(attempt: Attempt): CreateEnvironment {
  return {
    taskId: attempt.taskId,
    agentId: attempt.agentId || 'unknown',
    title: attempt.title.slice(0, 500),
    worktree: attempt.worktree,
    board: attempt.source.kind === 'board' ? { url: attempt.source.url } : undefined,
  };
}
