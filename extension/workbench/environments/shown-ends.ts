import { effect, untracked } from '@preact/signals';
import { text } from '../text/text.ts';
import type { WorkbenchModel } from '../workbench-model.ts';

type Model = Pick<WorkbenchModel, 'session' | 'view' | 'announce'>;

/** Leaves an environment that was there and is there no more. Returns the way to end it. */
export function leaveWhatEnded(model: Model): () => void {
  const { session, view } = model;
  let before: ReadonlySet<string> = new Set();
  return effect(() => {
    const now = new Set(session.value?.environments.byId.value.keys());
    const current = view.current.peek();
    const shown = current.kind === 'preview' ? [current.environmentId, current.compareId ?? ''] : [];
    for (const id of shown) {
      if (!before.has(id) || now.has(id)) continue;
      view.leave(id);
      const asked = session.peek()?.environments.busy.peek().get(id) === 'terminate';
      if (!asked) model.announce(text('preview.gone'));
    }
    before = now;
  });
}

/** Keeps what was about to end: whoever goes back to a preview wants it. Returns the way to end it. */
export function keepShown({ session, view }: Model): () => void {
  return effect(() => {
    const current = view.current.value;
    const ends = session.value?.ends;
    if (current.kind === 'preview')
      untracked(() => ends?.undo([current.environmentId, current.compareId ?? '']));
  });
}
