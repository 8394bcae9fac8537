export interface SentencePart {
  text: string;
  command: boolean;
}

/** Splits a sentence at `commands` between backticks. A lone backtick is text. */
export function splitCommands(sentence: string): SentencePart[] {
  const parts: SentencePart[] = [];
  let end = 0;
  for (const match of sentence.matchAll(/`([^`\n]+)`/g)) {
    if (match.index > end) parts.push({ text: sentence.slice(end, match.index), command: false });
    parts.push({ text: match[1] ?? '', command: true });
    end = match.index + match[0].length;
  }
  if (end < sentence.length) parts.push({ text: sentence.slice(end), command: false });
  return parts;
}
