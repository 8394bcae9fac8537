const PLACEHOLDER = /\{(\w+)\}/;

/** A sentence with `{placeholders}`, ready to be found in texts. */
export class Template {
  readonly #literals: string[];
  readonly #names: string[];

  constructor(template: string) {
    const parts = template.split(PLACEHOLDER);
    this.#literals = parts.filter((_part, index) => index % 2 === 0);
    this.#names = parts.filter((_part, index) => index % 2 === 1);
  }

  /** Characters that are the same in every text made of it: the more, the less it takes for its own what is not. */
  get literalLength(): number {
    return this.#literals.reduce((sum, { length }) => sum + length, 0);
  }

  /** The values that make the template this text; undefined where none do. Linear, whatever the text holds. */
  valuesIn(text: string): Record<string, string> | undefined {
    const [first = '', ...others] = this.#literals;
    const last = others.pop();
    if (last === undefined) return text === first ? {} : undefined;
    const end = text.length - last.length;
    if (!text.startsWith(first) || !text.endsWith(last)) return undefined;
    const values: Record<string, string> = {};
    let at = first.length;
    for (const [index, literal] of [...others, undefined].entries()) {
      const next = literal === undefined ? end : text.indexOf(literal, at);
      if (next < at || next > end) return undefined;
      values[this.#names[index] ?? ''] = text.slice(at, next);
      at = next + (literal?.length ?? 0);
    }
    return values;
  }
}

/** The template with values in the places of its placeholders. What values hold is never looked at again. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** The template without the names of its placeholders: sources call them otherwise than translators. */
export function shapeOf(template: string): string {
  return template.replace(/\{\w+\}/g, '{}');
}
