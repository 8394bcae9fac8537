import { type Language, language } from './language.ts';

/** Making a format takes longer than using it a hundred times. */
const formats = new Map<string, Intl.NumberFormat>();

/** A number as it is written in the workbench's language, with so many digits behind the point. */
export function formatNumber(value: number, digits?: number): string {
  return formatOf(language.value, digits).format(value);
}

function formatOf(spoken: Language, digits: number | undefined): Intl.NumberFormat {
  const key = `${spoken} ${digits}`;
  const known = formats.get(key);
  if (known) return known;
  const fraction =
    digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const made = new Intl.NumberFormat(spoken, fraction);
  formats.set(key, made);
  return made;
}
