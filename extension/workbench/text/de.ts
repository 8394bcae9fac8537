import { app } from './de/app.ts';
import { dashboard } from './de/dashboard.ts';
import { editor } from './de/editor.ts';
import { environments } from './de/environments.ts';
import { network } from './de/network.ts';
import { preview } from './de/preview.ts';
import { settings } from './de/settings.ts';
import type { TextKey } from './text.ts';

/** Every word the workbench says, in German. */
export const de: Record<TextKey, string> = {
  ...app,
  ...preview,
  ...dashboard,
  ...editor,
  ...environments,
  ...network,
  ...settings,
};
