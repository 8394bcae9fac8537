import { computed } from '@preact/signals';
import { remembered } from '../layout/remembered.ts';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language somebody chose; `system` for the browser's. */
export const languageChoice = remembered<Language | 'system'>(
  'language',
  (stored) => LANGUAGES.find((each) => each === stored) ?? 'system',
);

/** The language the workbench speaks. */
export const language = computed<Language>(() =>
  languageChoice.value === 'system' ? spokenOf(preferredLanguages()) : languageChoice.value,
);

/** The first of the preferred languages that the workbench speaks; English where it speaks none. */
export function spokenOf(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const found = LANGUAGES.find((each) => tag.toLowerCase().split('-')[0] === each);
    if (found) return found;
  }
  return 'en';
}

/** Node has a navigator, too; its language is the machine's, not a reader's. */
function preferredLanguages(): readonly string[] {
  return typeof document === 'undefined' ? [] : navigator.languages;
}
