/** A name as SQL writes it. */
export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** A string as SQL writes it, whatever standard_conforming_strings says. */
export const literal = (text: string) =>
  `${text.includes('\\') ? ' E' : ''}'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
