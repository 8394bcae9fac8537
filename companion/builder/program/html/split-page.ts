import { type DefaultTreeAdapterTypes, parse } from 'parse5';

export type PageScript = { src: string } | { inline: string };

export interface SplitPage {
  /** The page without its module scripts and preloads of them. */
  html: string;
  scripts: PageScript[];
}

/**
 * Takes the module scripts out of a page: the bundler runs them, in their order. Foreign ones stay, and those that
 * `isServed` as they are.
 */
export function splitPage(html: string, isServed: (src: string) => boolean = () => false): SplitPage {
  const scripts: PageScript[] = [];
  const cuts: [start: number, end: number][] = [];
  for (const element of elements(parse(html, { sourceCodeLocationInfo: true }))) {
    const attributes = new Map(element.attrs.map(({ name, value }) => [name, value]));
    const location = element.sourceCodeLocation;
    if (!location) continue;
    const cut = () => cuts.push([location.startOffset, location.endOffset]);
    if (element.tagName === 'link' && attributes.get('rel') === 'modulepreload') cut();
    if (element.tagName !== 'script' || attributes.get('type') !== 'module') continue;
    const src = attributes.get('src');
    if (src === undefined) scripts.push({ inline: textOf(element) });
    else if (isForeign(src) || isServed(src)) continue;
    else scripts.push({ src });
    cut();
  }
  return { html: without(html, cuts), scripts };
}

function isForeign(src: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(src);
}

function without(html: string, cuts: [number, number][]): string {
  let result = '';
  let position = 0;
  for (const [start, end] of cuts.sort(([a], [b]) => a - b)) {
    result += html.slice(position, start);
    position = end;
  }
  return result + html.slice(position);
}

function textOf(element: DefaultTreeAdapterTypes.Element): string {
  return element.childNodes.map((node) => ('value' in node ? node.value : '')).join('');
}

function* elements(node: DefaultTreeAdapterTypes.Node): Generator<DefaultTreeAdapterTypes.Element> {
  if ('tagName' in node) yield node;
  // What is in a <template> is inert: its scripts do not run.
  if ('childNodes' in node) for (const child of node.childNodes) yield* elements(child);
}
