import { de } from './de.ts';
import { en } from './en.ts';
import { type Language, language } from './language.ts';
import { formatNumber } from './number.ts';

export type TextKey = keyof typeof en;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

type Values<Key extends TextKey> = [Placeholders<(typeof en)[Key]>] extends [never]
  ? []
  : [values: Record<Placeholders<(typeof en)[Key]>, string | number>];

const CATALOGS: Record<Language, Record<TextKey, string>> = { en, de };

/** Between the forms of a text that counts: `{count} line|{count} lines`. */
const FORMS = '|';
const RULES: Record<Language, Intl.PluralRules> = {
  en: new Intl.PluralRules('en'),
  de: new Intl.PluralRules('de'),
};

/**
 * The words for a key, in the workbench's language, with `{placeholders}` filled in; of two forms, the one that `count`
 * asks for. The one way texts reach the screen.
 */
export function text<Key extends TextKey>(key: Key, ...[values]: Values<Key>): string {
  const template: string = CATALOGS[language.value][key];
  if (!values) return template;
  const filled: Record<string, string | number> = values;
  return formFor(template, filled.count).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = filled[name];
    return typeof value === 'number' ? formatNumber(value) : (value ?? whole);
  });
}

function formFor(template: string, count: string | number | undefined): string {
  const [one = template, other = one] = template.split(FORMS);
  return typeof count === 'number' && RULES[language.value].select(count) === 'one' ? one : other;
}
