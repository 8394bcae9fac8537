/** Where the source map of a piece of a script is. */
export type MapLink = { address: string } | { map: Buffer };

const MARK = Buffer.from('sourceMappingURL=');
/** The end of a mark's text: a line's, or, where the script is text inside another, what ends a line of that. */
const END = /[\s'"\\]/;
/** An address; what is written into the script itself may be as long as that. */
const MAX_ADDRESS = 4_096;

/** What a script says of its source map: its last word counts. Null where it says nothing. */
export function linkOfScript(script: Buffer): MapLink | null {
  for (let at = script.lastIndexOf(MARK); at > 0; at = script.lastIndexOf(MARK, at - 1)) {
    const before = script.toString('latin1', Math.max(0, at - 6), at);
    // Inside a text it is that text's: a module that is evaluated, or code that writes such comments.
    if (/(?:^|[^\\]n|[^n"'`])(?:\/\/|\/\*)[#@] $/.test(before)) return readLink(script, at);
  }
  return null;
}

/**
 * The map of a module that a bundler wrote as a text into the script, to be evaluated under a name of its own
 * (webpack's and Rspack's `eval-source-map`). Null where the script has no such module, undefined where that has no map.
 */
export function linkOfEvaluated(script: Buffer, name: string): MapLink | null | undefined {
  for (const end of ['\\n', '"', "'", '\n']) {
    const at = script.lastIndexOf(Buffer.from(`sourceURL=${name}${end}`));
    if (at < 0) continue;
    const mark = script.lastIndexOf(MARK, at);
    // The map of this module comes right before its name.
    const between = mark < 0 ? '' : script.toString('latin1', endOf(script, mark + MARK.length), at);
    return mark >= 0 && /^[\s\\n/#@]*$/.test(between) ? readLink(script, mark) : undefined;
  }
  return null;
}

function readLink(script: Buffer, mark: number): MapLink | null {
  const start = mark + MARK.length;
  const isData = script.toString('latin1', start, start + 5) === 'data:';
  if (!isData) {
    const end = endOf(script, start);
    return end - start > MAX_ADDRESS || end === start
      ? null
      : { address: script.toString('utf8', start, end) };
  }
  const comma = script.indexOf(',', start);
  const head = script.toString('latin1', start, Math.min(comma, start + 200));
  if (comma < 0 || !head.endsWith(';base64')) return null;
  return { map: Buffer.from(script.toString('latin1', comma + 1, endOf(script, comma + 1)), 'base64') };
}

function endOf(script: Buffer, start: number): number {
  let end = start;
  while (end < script.length && !END.test(String.fromCharCode(script[end] ?? 32))) end += 1;
  return end;
}
