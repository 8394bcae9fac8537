/** Vite before 5 cannot be run without a watcher of its own: its own dev server shows it. Major version. */
export const OLDEST_VITE = 5;
