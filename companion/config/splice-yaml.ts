import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type Range,
  type Scalar,
  stringify,
  type YAMLMap,
} from 'yaml';

/** A value that a key is given; null takes the key out. */
export type SplicedValue = string | number | boolean | readonly string[] | null;

interface Placed {
  range: Range;
}

/**
 * Changes one key in the text itself, so that nothing else moves: not a comment, a quote or a blank. Undefined where
 * the text has a form (flow mappings, aliases, tags) in which that is not plainly right.
 */
export function spliceYaml(text: string, path: readonly string[], value: SplicedValue): string | undefined {
  const document = parseDocument(text);
  const existing = pairAt(document, path);
  if (value === null) return existing ? remove(text, document, path) : text;
  return existing ? replace(text, existing, value) : insert(text, document, path, value);
}

function replace(text: string, { value: node }: Pair, value: NonNullable<SplicedValue>): string | undefined {
  const isText = isScalar(node) && !(node as Scalar).type?.startsWith('BLOCK_');
  if (!(isText || isSeq(node)) || !isPlaced(node) || node.anchor !== undefined || node.tag !== undefined)
    return undefined;
  const [start, end] = node.range;
  if (end <= start) return undefined;
  if (isScalar(node) && node.value === value) return text;
  if (typeof value !== 'object') return text.slice(0, start) + scalarText(value) + text.slice(end);
  if (!isSeq(node) || node.flow) return undefined;
  const column = start - lineStart(text, start);
  const lines = stringify(value)
    .trimEnd()
    .replaceAll('\n', `\n${' '.repeat(column)}`);
  const contentEnd = text.slice(start, end).trimEnd().length + start;
  return text.slice(0, start) + lines + text.slice(contentEnd);
}

function insert(
  text: string,
  document: Document,
  path: readonly string[],
  value: NonNullable<SplicedValue>,
): string | undefined {
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    const node: unknown = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (node === undefined || node === null) continue;
    if (!isMap(node) || node.flow || node.items.length === 0 || node.anchor !== undefined) return undefined;
    const first = firstKey(node);
    const end = endOfMap(text, node);
    if (!first || end === undefined) return undefined;
    const column = first.range[0] - lineStart(text, first.range[0]);
    const nested = path.slice(depth).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
    const written = stringify(nested, {
      indent: indentOf(text),
      indentSeq: indentsLists(text),
      lineWidth: 0,
    });
    const lines = written
      .trimEnd()
      .split('\n')
      .map((line) => ' '.repeat(column) + line);
    const before = text.slice(0, end);
    const rest = text.slice(end);
    return before.endsWith('\n') || before === ''
      ? `${before}${lines.join('\n')}\n${rest}`
      : `${before}\n${lines.join('\n')}${rest}`;
  }
  return undefined;
}

/** With its line, and with the mappings that then hold nothing. */
function remove(text: string, document: Document, path: readonly string[]): string | undefined {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent: unknown = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    if (!isMap(parent) || parent.flow) return undefined;
    if (parent.items.length === 1 && depth > 1) continue;
    const pair = pairAt(document, path.slice(0, depth));
    const key: unknown = pair?.key;
    if (!pair || !isPlaced(key)) return undefined;
    const end = endOfPair(text, pair);
    return end === undefined ? undefined : text.slice(0, lineStart(text, key.range[0])) + text.slice(end);
  }
  return undefined;
}

function pairAt(document: Document, path: readonly string[]): Pair | undefined {
  const parent: unknown = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  return isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
    : undefined;
}

const firstKey = ({ items: [first] }: YAMLMap): Placed | undefined => {
  const key: unknown = first?.key;
  return isPlaced(key) ? key : undefined;
};

function endOfMap(text: string, { items }: YAMLMap): number | undefined {
  const last = items.at(-1);
  return last && endOfPair(text, last);
}

/** After the line break of the line in which it ends; what is remarked in that line belongs to it. */
function endOfPair(text: string, { key, value }: Pair): number | undefined {
  const node: unknown = value ?? key;
  if (!isPlaced(node)) return undefined;
  if (isMap(node) && !node.flow && node.items.length > 0) return endOfMap(text, node);
  const start = node.range[0];
  const content = text.slice(start, node.range[1]).trimEnd().length + start;
  const lineEnd = text.indexOf('\n', Math.max(start, content));
  return lineEnd < 0 ? text.length : lineEnd + 1;
}

const isPlaced = (node: unknown): node is Placed & { anchor?: string; tag?: string } =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

const scalarText = (value: string | number | boolean): string => stringify(value, { lineWidth: 0 }).trimEnd();

/** How far the first nested key stands in. */
export const indentOf = (text: string): number =>
  Math.min(8, Math.max(2, /^( +)[^\s#-]/m.exec(text)?.[1]?.length ?? 2));

/** Whether lists stand in further than their keys. */
export function indentsLists(text: string): boolean {
  const first = /^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n( *)- /m.exec(text);
  return first === null || (first[2]?.length ?? 0) > (first[1]?.length ?? 0);
}
