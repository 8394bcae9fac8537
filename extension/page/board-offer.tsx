import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { Target } from '#shared/extension/target.ts';
import { i18n } from './i18n.ts';
import './board-offer.css';

interface BoardOfferProps {
  /** The task whose page the board shows. */
  shown: ReadonlySignal<Target>;
  /** What the workbench shows. */
  target: ReadonlySignal<Target>;
  onAccept(target: Target): void;
}

/** Offers the task that the board shows when it is another one. Never switches by itself: somebody may be typing. */
export function BoardOffer({ shown, target, onAccept }: BoardOfferProps) {
  const dismissed = useSignal<string | null>(null);
  const offer = shown.value;
  if (offer.kind !== 'task' || isSameTask(offer, target.value) || dismissed.value === offer.taskId)
    return null;
  return (
    <aside class="board-offer" aria-live="polite">
      <span class="board-offer-text">
        {offer.title === undefined ? i18n('offer_text_untitled') : i18n('offer_text', offer.title)}
      </span>
      <button type="button" class="board-offer-accept" onClick={() => onAccept(offer)}>
        {i18n('offer_accept')}
      </button>
      <button
        type="button"
        onClick={() => {
          dismissed.value = offer.taskId;
        }}
      >
        {i18n('offer_dismiss')}
      </button>
    </aside>
  );
}

function isSameTask(offer: Target & { kind: 'task' }, target: Target): boolean {
  return target.kind === 'task' && target.taskId === offer.taskId && target.boardUrl === offer.boardUrl;
}
