import { effect, untracked } from '@preact/signals';
import type { ShownTarget, WorkbenchTarget } from '../home.ts';
import type { Session } from '../session.ts';
import { text } from '../text/text.ts';
import type { WorkbenchModel } from '../workbench-model.ts';
import type { DeepLink } from './deep-link.ts';
import { editorShown, shownDock } from './panels.ts';
import type { View } from './view.ts';

type Model = Pick<WorkbenchModel, 'home' | 'session' | 'view' | 'activePreview' | 'open' | 'announce'>;

/** The target that would show the same in another home. */
export function targetOf(view: View): ShownTarget {
  if (view.kind === 'preview') return { kind: 'environment', environmentId: view.environmentId };
  const board = view.kind === 'opening' ? view.request.board : undefined;
  if (view.kind !== 'opening' || !board) return { kind: 'none' };
  return { kind: 'task', taskId: view.request.taskId, boardUrl: board.url, title: view.request.title };
}

/** Shows what the home is asked to show, once there is a companion; again for each new target. Returns the way to end it. */
export function followTarget(model: Model): () => void {
  let followed: WorkbenchTarget | undefined;
  return effect(() => {
    const session = model.session.value;
    const target = model.home.target.value;
    if (!session || target === followed) return;
    followed = target;
    if (target.kind === 'environment') model.view.showEnvironment(target.environmentId);
    if (target.kind === 'known-task') showTask(model, session, target.taskId);
    if (target.kind !== 'task') return;
    void model.open({
      taskId: target.taskId,
      agentId: session.attempts.agentOf(target.taskId) ?? 'unknown',
      board: { url: target.boardUrl },
      title: target.title?.slice(0, 500),
    });
  });
}

/** Shows the newest preview of a task, once the list is known; an address alone starts nothing. */
function showTask(model: Model, { environments, signal }: Session, taskId: string): void {
  const stop = effect(() => {
    if (!environments.loaded.value) return;
    const [newest] = environments.list
      .peek()
      .filter((each) => each.taskId === taskId)
      .toSorted((a, b) => b.createdAt - a.createdAt);
    queueMicrotask(() => stop());
    if (newest) model.view.showEnvironment(newest.id);
    else model.announce(text('preview.task-unknown'));
  });
  signal.addEventListener('abort', () => stop(), { once: true });
}

/** Tells the home what is shown, and how. Returns the way to end it. */
export function tellHome({ home, session, view, activePreview }: Model): () => void {
  const { onShown } = home;
  if (!onShown) return () => {};
  return effect(() => {
    const target = targetOf(view.current.value);
    const preview = activePreview.value;
    const link: DeepLink = preview
      ? {
          path: preview.frame.route.value,
          device: preview.device.size.value,
          dock: shownDock(),
          editor: editorShown.value,
        }
      : {};
    // Before there is a companion nothing was shown yet, least of all nothing.
    if (session.value) untracked(() => onShown(target, link));
  });
}
