import { css } from '@codemirror/lang-css';
import { html } from '@codemirror/lang-html';
import { javascript } from '@codemirror/lang-javascript';
import { json } from '@codemirror/lang-json';
import { markdown } from '@codemirror/lang-markdown';
import { vue } from '@codemirror/lang-vue';
import { yaml } from '@codemirror/lang-yaml';
import type { Extension } from '@codemirror/state';

/** By the ending of a file's name. Svelte's own syntax is close enough to HTML's for its scripts and styles. */
const LANGUAGES: Record<string, () => Extension> = {
  js: () => javascript({ jsx: true }),
  mjs: () => javascript(),
  cjs: () => javascript(),
  jsx: () => javascript({ jsx: true }),
  ts: () => javascript({ typescript: true }),
  mts: () => javascript({ typescript: true }),
  cts: () => javascript({ typescript: true }),
  tsx: () => javascript({ typescript: true, jsx: true }),
  css: () => css(),
  scss: () => css(),
  less: () => css(),
  html: () => html(),
  htm: () => html(),
  svg: () => html(),
  xml: () => html(),
  svelte: () => html({ selfClosingTags: true }),
  vue: () => vue(),
  json: () => json(),
  jsonc: () => json(),
  md: () => markdown(),
  mdx: () => markdown(),
  yaml: () => yaml(),
  yml: () => yaml(),
};

/** Highlighting for a file, or none for one of an unknown kind. */
export function languageOf(path: string): Extension {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return Object.hasOwn(LANGUAGES, ending) ? (LANGUAGES[ending]?.() ?? []) : [];
}
