import { css } from '@codemirror/lang-css';
import { html } from '@codemirror/lang-html';
import { javascript } from '@codemirror/lang-javascript';
import { json } from '@codemirror/lang-json';
import { less, lessLanguage } from '@codemirror/lang-less';
import { markdown, markdownLanguage } from '@codemirror/lang-markdown';
import { sass, sassLanguage } from '@codemirror/lang-sass';
import { vue } from '@codemirror/lang-vue';
import { yaml, yamlFrontmatter } from '@codemirror/lang-yaml';
import type { LanguageSupport } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { svelte } from '@replit/codemirror-lang-svelte';

/** By the ending of a file's name. */
const LANGUAGES: Record<string, () => LanguageSupport> = {
  js: () => javascript({ jsx: true }),
  mjs: () => javascript(),
  cjs: () => javascript(),
  jsx: () => javascript({ jsx: true }),
  ts: () => javascript({ typescript: true }),
  mts: () => javascript({ typescript: true }),
  cts: () => javascript({ typescript: true }),
  tsx: () => javascript({ typescript: true, jsx: true }),
  css: () => css(),
  scss: () => sass(),
  sass: () => sass({ indented: true }),
  less: () => less(),
  html: () => html(),
  htm: () => html(),
  svg: () => html(),
  xml: () => html(),
  astro: () => html({ selfClosingTags: true }),
  svelte: () => svelte(),
  vue: () => vue({ base: htmlWithStyles() }),
  json: () => json(),
  jsonc: () => json(),
  webmanifest: () => json(),
  md: () => prose(),
  mdx: () => prose(),
  yaml: () => yaml(),
  yml: () => yaml(),
};

/** What fenced code calls its language, where that is not the ending of a file. */
const ENDINGS: Record<string, string> = { javascript: 'js', typescript: 'ts', markdown: 'md' };

/** Highlighting for a file, or none for one of an unknown kind. */
export function languageOf(path: string): Extension {
  return languageFor(path.slice(path.lastIndexOf('.') + 1)) ?? [];
}

function languageFor(ending: string): LanguageSupport | undefined {
  const known = ending.toLowerCase();
  return Object.hasOwn(LANGUAGES, known) ? LANGUAGES[known]?.() : undefined;
}

/** HTML whose styles may be written in a language of their own, as single-file components have them. */
function htmlWithStyles(): LanguageSupport {
  const written = (lang: string) => (attrs: Record<string, string>) => attrs.lang === lang;
  return html({
    nestedLanguages: [
      { tag: 'style', attrs: written('scss'), parser: sassLanguage.parser },
      { tag: 'style', attrs: written('less'), parser: lessLanguage.parser },
    ],
  });
}

function prose(): LanguageSupport {
  const codeLanguage = (info: string) => {
    const [name = ''] = info.split(/[\s{]/);
    return languageFor(ENDINGS[name.toLowerCase()] ?? name)?.language ?? null;
  };
  return yamlFrontmatter({ content: markdown({ base: markdownLanguage, codeLanguages: codeLanguage }) });
}
