import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { CARD_READ_EVENT, READ_CARD_EVENT } from '../boards/page-events.ts';
import { readCard } from '../boards/vibe-kanban/card-reader.ts';

/** Runs in the page's own world, on recognised boards only: tells the content script what a card's markup does not. */
export default defineUnlistedScript(() => {
  document.addEventListener(
    READ_CARD_EVENT,
    (event) => {
      // One reader answers, even where an updated extension put in a second.
      event.stopImmediatePropagation();
      const card = event.composedPath()[0];
      const task = card instanceof Element ? readCard(card) : null;
      document.dispatchEvent(new CustomEvent(CARD_READ_EVENT, { detail: JSON.stringify(task) }));
    },
    { capture: true },
  );
});
