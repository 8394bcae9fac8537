import { fillTemplate, Template } from './template.ts';

/** English sentences, with `{placeholders}`, and what they are in the other language. */
export type Translations = Readonly<Record<string, string>>;

/** Longer texts are outputs, not sentences. Characters. */
const MAX_LENGTH = 16_384;
const MAX_SENTENCE_LENGTH = 4_096;
/** Sentences that are looked at apart: of a text, of a value in one, of a value in that. */
const MAX_SENTENCES = [16, 4, 2];
const MAX_LIST_LENGTH = 24;
const SENTENCE_END = /(?<=[.!?…])\s+|\s*\n\s*/g;
const LIST_SEPARATORS = ['; ', ', '];
/** `backend: what is said of it`. */
const LABEL = /^[\w.@/-]+: /;

/** A text in the other language, and how many of its characters were known. */
interface Reading {
  words: string;
  known: number;
}

/**
 * Translates what Vitrine says by the sentences themselves: the companion says them in English wherever they end up (API,
 * log, registry), and whoever shows them to a person finds the sentence in the catalogue by its words and takes the values
 * out of it. Texts that are in no catalogue, such as those of the user's own tools, come back as they are. Of several ways
 * to read a text, the one that knows the most of its words is taken.
 */
export function makeTranslator(translations: Translations): (text: string) => string {
  const entries = Object.entries(translations)
    .map(([english, translated]) => ({ template: new Template(english), translated }))
    // What says more of itself first: "There is no file {path}." before "There is no {what}."
    .toSorted((one, other) => other.template.literalLength - one.template.literalLength);

  const sentence = (text: string, depth: number): Reading | undefined => {
    if (text.length > MAX_SENTENCE_LENGTH) return undefined;
    for (const { template, translated } of entries) {
      const values = template.valuesIn(text);
      if (!values) continue;
      let known = template.literalLength;
      for (const [name, value] of Object.entries(values)) {
        const reading = inContext(value, depth + 1);
        values[name] = reading.words;
        known += reading.known;
      }
      return { words: fillTemplate(translated, values), known };
    }
    return undefined;
  };

  /** One sentence after the other, or one of several lines. */
  const sentences = (text: string, depth: number): Reading => {
    const ends = [...text.matchAll(SENTENCE_END)].slice(0, (MAX_SENTENCES[depth] ?? 1) - 1);
    const starts = [0, ...ends.map(({ 0: blanks, index }) => index + blanks.length)];
    const stops = [...ends.map(({ index }) => index), text.length];
    /** Of what begins with each sentence. */
    const best: Reading[] = [];
    for (const [first, start] of [...starts.entries()].reverse()) {
      for (const [last, stop] of [...stops.entries()].slice(first)) {
        const words = text.slice(start, stop);
        const reading = sentence(words, depth) ?? { words, known: 0 };
        const rest = best[last + 1] ?? { words: '', known: 0 };
        const known = reading.known + rest.known;
        if (known > (best[first]?.known ?? -1))
          best[first] = { words: reading.words + text.slice(stop, starts[last + 1]) + rest.words, known };
      }
    }
    return best[0] ?? { words: text, known: 0 };
  };

  const labelled = (text: string, depth: number): Reading | undefined => {
    const label = LABEL.exec(text)?.[0] ?? '';
    const reading = label === '' ? undefined : sentence(text.slice(label.length), depth);
    return reading && { ...reading, words: label + reading.words };
  };

  const list = (text: string, separator: string, depth: number): Reading | undefined => {
    const parts = text.split(separator, MAX_LIST_LENGTH);
    if (parts.length < 2 || parts.length === MAX_LIST_LENGTH) return undefined;
    // `backend: npm start` names what nobody has words for.
    const named = (part: string) =>
      separator === '; ' && LABEL.test(part) ? { words: part, known: 0 } : undefined;
    const readings = parts.map((part) => bestOf(sentence(part, depth), labelled(part, depth), named(part)));
    const known = readings.filter((reading) => reading !== undefined);
    if (known.length < parts.length) return undefined;
    return {
      words: known.map(({ words }) => words).join(separator),
      known: known.reduce((sum, reading) => sum + reading.known, 0),
    };
  };

  /** Blanks around a text belong to what it stands in. */
  const inContext = (text: string, depth: number): Reading => {
    const bare = text.trim();
    if (bare === '' || text.length > MAX_LENGTH || depth >= MAX_SENTENCES.length)
      return { words: text, known: 0 };
    const lists = LIST_SEPARATORS.map((separator) => list(bare, separator, depth));
    const reading = bestOf(sentences(bare, depth), labelled(bare, depth), ...lists);
    const { words, known } = reading ?? { words: bare, known: 0 };
    return { words: text.replace(bare, () => words), known };
  };

  return (text) => inContext(text, 0).words;
}

function bestOf(...readings: (Reading | undefined)[]): Reading | undefined {
  return readings.reduce((best, reading) => ((reading?.known ?? -1) > (best?.known ?? -1) ? reading : best));
}
