import { signal } from '@preact/signals';
import type { CreateEnvironment } from '#shared/api/environment.ts';
import type { VitrineError } from '#shared/errors.ts';

/** What the stage shows. */
export type View =
  | { kind: 'attempts' }
  /** An environment is being asked for; `failure` when it was refused. */
  | { kind: 'opening'; request: CreateEnvironment; failure?: VitrineError }
  /** A screen of its own, see the files of that name. */
  | { kind: 'environments' }
  | { kind: 'settings' }
  | { kind: 'dashboard' }
  | { kind: 'preview'; environmentId: string; compareId?: string };

/** Which view is shown, and the ways from one to another. */
export class ViewStore {
  readonly current = signal<View>({ kind: 'attempts' });
  /** The environment that was shown last, if any. */
  readonly lastShown = signal<string | undefined>(undefined);

  showAttempts(): void {
    this.current.value = { kind: 'attempts' };
  }

  showScreen(kind: 'environments' | 'settings' | 'dashboard'): void {
    this.current.value = { kind };
  }

  showEnvironment(environmentId: string): void {
    const view = this.current.peek();
    if (view.kind === 'preview' && view.environmentId === environmentId && !view.compareId) return;
    this.current.value = { kind: 'preview', environmentId };
    this.lastShown.value = environmentId;
  }

  /** Puts a second environment beside the one that is shown. */
  compareWith(compareId: string): void {
    const view = this.current.peek();
    if (view.kind === 'preview' && view.environmentId !== compareId) {
      this.current.value = { kind: 'preview', environmentId: view.environmentId, compareId };
    } else if (view.kind !== 'preview') this.showEnvironment(compareId);
  }

  /** An environment is no longer to be shown: the other side of a comparison stays, else the list returns. */
  leave(environmentId: string): void {
    const view = this.current.peek();
    if (view.kind !== 'preview') return;
    if (view.compareId === environmentId) this.showEnvironment(view.environmentId);
    else if (view.environmentId !== environmentId) return;
    else if (view.compareId) this.showEnvironment(view.compareId);
    else this.showAttempts();
  }
}
