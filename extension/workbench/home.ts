import type { ReadonlySignal } from '@preact/signals';
import type { CompanionConnection } from '../companion/connection.ts';
import type { DeepLink } from './layout/deep-link.ts';
import type { SystemNotifications } from './notifications/system-notifications.ts';

/** What the workbench is asked to show. */
export type WorkbenchTarget =
  /** The task of a board's card. */
  | { kind: 'task'; boardUrl: string; taskId: string; title?: string }
  | { kind: 'environment'; environmentId: string }
  /** A task that has a preview already: an address may show one, and never start one. */
  | { kind: 'known-task'; taskId: string }
  /** Nothing yet: the list of attempts. */
  | { kind: 'none' };

/** What another home, or an address, can be asked to show. */
export type ShownTarget = Exclude<WorkbenchTarget, { kind: 'known-task' }>;

/** Where the workbench is shown; each home gives it its surroundings. */
export interface WorkbenchHome {
  kind: 'panel' | 'sidebar' | 'tab' | 'served';
  connection: CompanionConnection;
  target: ReadonlySignal<WorkbenchTarget>;
  /** What the address says of the first preview that is shown: its route, its device, its panels. */
  link?: DeepLink;
  /** Opens the same target in a full tab; absent where it already is one. */
  openInTab?(target: ShownTarget): void;
  /** Told what is shown now, so that a reload can ask for it again; absent where the home keeps that itself. */
  onShown?(target: ShownTarget, link: DeepLink): void;
  /** Reaches somebody who looks elsewhere; absent where the browser has no way. */
  notifications?: SystemNotifications | undefined;
  /**
   * Asks the person for the right to work on a board's pages; absent where no right is needed. To be called straight
   * from a click.
   */
  requestBoardAccess?(url: string): Promise<boolean>;
  /** Closes the panel; absent where the home cannot be closed from inside. */
  close?(): void;
}
