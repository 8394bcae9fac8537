import { pageLines } from './german/page-lines.ts';
import { german } from './german.ts';
import type { Language } from './languages.ts';
import { makeTranslator } from './translator.ts';

/** Steps and lines are drawn again and again with the same words. */
const MAX_REMEMBERED = 500;
type Translators = Partial<Record<Language, (words: string) => string>>;
const TRANSLATORS: Translators = { de: remembering(makeTranslator(german)) };
const OF_PAGES: Translators = { de: remembering(makeTranslator(pageLines)) };

/** What the companion said, in a person's language; what is not its own words, such as a tool's output, as it is. */
export function translate(words: string, language: Language): string {
  return TRANSLATORS[language]?.(words) ?? words;
}

/** A line of a page's console. Few are Vitrine's own; what the page printed is not to be taken for one. */
export function translatePageLine(words: string, language: Language): string {
  return OF_PAGES[language]?.(words) ?? words;
}

function remembering(translator: (words: string) => string): (words: string) => string {
  const remembered = new Map<string, string>();
  return (words) => {
    const known = remembered.get(words);
    if (known !== undefined) return known;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const translated = translator(words);
    remembered.set(words, translated);
    return translated;
  };
}
