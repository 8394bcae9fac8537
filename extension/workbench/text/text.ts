import { de } from './de.ts';
import { en } from './en.ts';
import { type Language, language } from './language.ts';

export type TextKey = keyof typeof en;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

type Values<Key extends TextKey> = [Placeholders<(typeof en)[Key]>] extends [never]
  ? []
  : [values: Record<Placeholders<(typeof en)[Key]>, string | number>];

const CATALOGS: Record<Language, Record<TextKey, string>> = { en, de };

/** The words for a key, in the workbench's language, with `{placeholders}` filled in. The one way texts reach the screen. */
export function text<Key extends TextKey>(key: Key, ...[values]: Values<Key>): string {
  const template = CATALOGS[language.value][key];
  if (!values) return template;
  const filled: Record<string, string | number> = values;
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(filled[name] ?? whole));
}
