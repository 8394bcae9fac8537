/** Header lines as one text: dozens of little strings a request are dear to keep. No value has a line break in it. */
export const packHeaders = (rawHeaders: readonly string[]): string => rawHeaders.join('\n');
export const unpackHeaders = (packed: string): string[] => (packed === '' ? [] : packed.split('\n'));

/** The first value under a lower-case name, of lines as Node has them: name, value, name, value. */
export function headerOf(rawHeaders: readonly string[], name: string): string | undefined {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const given = rawHeaders[at];
    if (given?.length === name.length && given.toLowerCase() === name) return rawHeaders[at + 1];
  }
  return undefined;
}
