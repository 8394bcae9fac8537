import type { BoardAdapter } from './board-adapter.ts';
import { vibeKanban } from './vibe-kanban/adapter.ts';

/** Every kind of board there is; the first that recognises a page has it. */
export const boardAdapters: readonly BoardAdapter[] = [vibeKanban];
