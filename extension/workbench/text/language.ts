import { computed, signal } from '@preact/signals';
import { LANGUAGES, type Language, spokenOf } from '#shared/language/languages.ts';
import { remembered } from '../layout/remembered.ts';

export { LANGUAGES, type Language } from '#shared/language/languages.ts';

/** The language somebody chose; `system` for the browser's. */
export const languageChoice = remembered<Language | 'system'>(
  'language',
  (stored) => LANGUAGES.find((each) => each === stored) ?? 'system',
);

/** The browser's languages, as long as the page is there. */
const preferred = signal(preferredLanguages());
if (typeof document !== 'undefined')
  addEventListener('languagechange', () => (preferred.value = preferredLanguages()));

/** The language the workbench speaks. */
export const language = computed<Language>(() =>
  languageChoice.value === 'system' ? spokenOf(preferred.value) : languageChoice.value,
);

/** Node has a navigator, too; its language is the machine's, not a reader's. */
function preferredLanguages(): readonly string[] {
  return typeof document === 'undefined' ? [] : navigator.languages;
}
