import { translate, translatePageLine } from '#shared/language/translate.ts';
import { language } from './language.ts';

/** What the companion said, in the workbench's language. Its words come in English, with those of tools and pages in between. */
export function said(words: string): string {
  return translate(words, language.value);
}

/** A line of a page's console in the workbench's language, as far as Vitrine wrote it there. */
export function saidInPage(line: string): string {
  return translatePageLine(line, language.value);
}
