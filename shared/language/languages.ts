export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The first of the preferred languages that Vitrine speaks; English where it speaks none. */
export function spokenOf(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const found = LANGUAGES.find((each) => tag.trim().toLowerCase().split('-')[0] === each);
    if (found) return found;
  }
  return 'en';
}

/** The languages of an Accept-Language header, the preferred ones first (RFC 9110, 12.5.4). */
export function acceptedLanguages(header = ''): string[] {
  return header
    .slice(0, MAX_HEADER_LENGTH)
    .split(',')
    .map((each) => {
      const [tag = '', ...parameters] = each.split(';').map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return { tag, quality: quality ? Number(quality.slice(2)) || 0 : 1 };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}

const MAX_HEADER_LENGTH = 1_000;
