import { createHotContext } from './hot.ts';
import { injectQuery, removeStyle, updateStyle } from './styles.ts';

/** Exports of `/@vite/client`, which transformed modules import; this page brings its own. */
export const viteClient: Record<string, unknown> = {
  createHotContext,
  updateStyle,
  removeStyle,
  injectQuery,
  /** Subclassed by nobody we know; named by plugins that replace Vite's own overlay. */
  ErrorOverlay: class extends HTMLElement {},
};
