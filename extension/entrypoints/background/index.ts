import { defineBackground } from 'wxt/utils/define-background';
import { answerCompanionQuestions } from './companion-broker.ts';
import { registerContextMenu } from './context-menu.ts';
import { answerPanels } from './panels.ts';
import { registerSidePanel } from './side-panel.ts';
import { registerUserBoards } from './user-boards.ts';

/**
 * May be ended after half a minute without an event and started again for the next one: every listener is registered
 * while the script is evaluated, and everything worth keeping is in session storage.
 */
export default defineBackground(() => {
  registerContextMenu();
  registerSidePanel();
  registerUserBoards();
  answerPanels();
  answerCompanionQuestions();
});
