/**
 * The two events between a board's content script and the reader in the page's own world. Dispatching is synchronous,
 * so a question has its answer when `dispatchEvent` returns. The page can forge either; what it gains is to name its own
 * cards, which it does anyway, and the answer is parsed like everything a page says.
 */
export const READ_CARD_EVENT = 'vitrine:read-card';
export const CARD_READ_EVENT = 'vitrine:card-read';

/** Longest answer worth parsing, characters. */
export const MAX_ANSWER_LENGTH = 4_096;
