/** A script element of a page. */
export interface HtmlScript {
  type: string;
  /** Undefined where the script stands in the page. */
  source: string | undefined;
  text: string;
}

/** As many are looked at; a page with more was made by a machine for another. */
const MAX_SCRIPTS = 300;
/** Longest tag that is read, characters. */
const MAX_ATTRIBUTES = 4_096;
const OPENING = /<script(?![\w-])/gi;
const CLOSING = /<\/script/gi;

/** The scripts of a page in their order. Linear in its length: an attempt writes it, and may mean harm. */
export function scriptsIn(html: string): HtmlScript[] {
  const scripts: HtmlScript[] = [];
  for (let at = 0; scripts.length < MAX_SCRIPTS; ) {
    OPENING.lastIndex = at;
    if (!OPENING.test(html)) break;
    const start = OPENING.lastIndex;
    const end = html.indexOf('>', start);
    CLOSING.lastIndex = end;
    if (end === -1 || !CLOSING.test(html)) break;
    const close = CLOSING.lastIndex - '</script'.length;
    const attributes = html.slice(start, Math.min(end, start + MAX_ATTRIBUTES));
    scripts.push({
      type: attributeOf(attributes, 'type') ?? '',
      source: attributeOf(attributes, 'src'),
      text: html.slice(end + 1, close),
    });
    at = CLOSING.lastIndex;
  }
  return scripts;
}

function attributeOf(attributes: string, name: string): string | undefined {
  const [, , quoted, bare] =
    new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:(["'])(.*?)\\1|([^\\s"'>]+))`, 'i').exec(attributes) ?? [];
  return quoted ?? bare;
}
