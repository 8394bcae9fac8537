import { access } from './german/access.ts';
import { configFaults } from './german/config-faults.ts';
import { databases } from './german/databases.ts';
import { detection } from './german/detection.ts';
import { environments } from './german/environments.ts';
import { frontend } from './german/frontend.ts';
import { pageLines } from './german/page-lines.ts';
import { preview } from './german/preview.ts';
import { sandbox } from './german/sandbox.ts';
import { worktrees } from './german/worktrees.ts';
import type { Translations } from './translator.ts';

/** What the companion and the extension say, in German; the keys are the English sentences of the sources. */
export const german: Translations = {
  ...access,
  ...configFaults,
  ...databases,
  ...detection,
  ...environments,
  ...frontend,
  ...pageLines,
  ...preview,
  ...sandbox,
  ...worktrees,
};
