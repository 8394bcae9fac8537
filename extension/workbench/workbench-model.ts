import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { Attempt } from '#shared/api/attempt.ts';
import type { CreateEnvironment, Environment } from '#shared/api/environment.ts';
import { toVitrineError } from '#shared/errors.ts';
import { keepShown, leaveWhatEnded } from './environments/shown-ends.ts';
import type { WorkbenchHome } from './home.ts';
import type { DeepLink } from './layout/deep-link.ts';
import { followTarget, tellHome } from './layout/shown-target.ts';
import { ViewStore } from './layout/view.ts';
import { followNews } from './notifications/notifier.ts';
import { notifyOutside } from './notifications/notify-setting.ts';
import type { PreviewModel } from './preview/preview-model.ts';
import { type Session, Sessions } from './session.ts';
import { withoutDirectionMarks } from './text/name.ts';
import { text } from './text/text.ts';

/** In a message. */
const LONGEST_TITLE = 80;

export interface AnnouncementAction {
  label: string;
  run: () => void;
  /** Takes back what was announced. */
  isUndo?: boolean;
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
  #openings = 0;
  #link: DeepLink | undefined;

  constructor(home: WorkbenchHome) {
    this.home = home;
    this.#link = home.link;
    const sessions = new Sessions(home.connection, (message) => this.announce(message));
    this.session = sessions.current;
    const stops = [
      followTarget(this),
      leaveWhatEnded(this),
      tellHome(this),
      this.#followNews(),
      this.#askAgain(),
      keepShown(this),
    ];
    this.#abort.signal.addEventListener('abort', () => {
      for (const stop of stops) stop();
      sessions.close();
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

  /** Takes back what was announced last, as long as that is shown. False where there is nothing to take back. */
  undo(): boolean {
    const action = this.announcementAction.peek();
    if (this.announcement.peek() === '' || !action?.isUndo) return false;
    this.announcement.value = '';
    action.run();
    return true;
  }

  /** Starts the preview of an attempt, or finds the one it has, and shows it. */
  async startAttempt(attempt: Attempt): Promise<void> {
    await this.open(requestFor(attempt));
  }

  /** Starts an attempt beside the environment that is shown. Rejects with a VitrineError. */
  async compareWithAttempt(attempt: Attempt): Promise<void> {
    const session = this.session.peek();
    if (!session) return;
    const { environmentId } = await session.environments.create(requestFor(attempt), session.signal);
    this.view.compareWith(environmentId);
  }

  /** Ends environments, after a while in which it can be undone. They are left at once. */
  end(ended: readonly Pick<Environment, 'id' | 'title'>[]): void {
    const ends = this.session.peek()?.ends;
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
    this.announce(message, { label: text('action.undo'), run: undo, isUndo: true });
  }

  /** Asks for an environment and shows it; a refusal is shown in its place. */
  async open(request: CreateEnvironment): Promise<void> {
    const session = this.session.peek();
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

  /** What could not be asked for because the companion was away is asked for once it is back. */
  #askAgain(): () => void {
    let wasConnected = false;
    return effect(() => {
      const isConnected = this.home.connection.state.value.status === 'connected';
      const cameBack = isConnected && !wasConnected;
      wasConnected = isConnected;
      if (!cameBack) return;
      untracked(() => {
        const view = this.view.current.peek();
        if (view.kind === 'opening' && view.failure?.code === 'COMPANION_UNREACHABLE')
          void this.open(view.request);
      });
    });
  }

  #followNews(): () => void {
    return followNews({
      environments: computed(() => {
        const environments = this.session.value?.environments;
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
