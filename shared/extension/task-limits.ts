/** Longest title taken from a page, characters; longer ones are cut before they are sent. */
export const MAX_TITLE_LENGTH = 500;

/** What a board calls a task. Boards use UUIDs, numbers or slugs: nothing that could be markup, a path or a URL. */
export const TASK_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;
