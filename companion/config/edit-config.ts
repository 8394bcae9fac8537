import { isDeepStrictEqual } from 'node:util';
import { type Document, parseDocument } from 'yaml';
import { type ConfigEdits, EDITABLE_KEYS, type Editable, editableSchema } from '#shared/config/editable.ts';
import { CONFIG_PATH, environmentConfigSchema } from '#shared/config/environment-config.ts';
import { VitrineError } from '#shared/errors.ts';
import { parseConfig } from './read-config.ts';
import { indentOf, indentsLists, spliceYaml } from './splice-yaml.ts';

type Value = NonNullable<ConfigEdits[keyof ConfigEdits]>;

/**
 * The text of a configuration with some keys changed and everything else as it was: comments, order, quotes, line
 * endings. Throws CONFIG_INVALID where it is none before or would be none after.
 */
export function editConfig(source: string, edits: ConfigEdits): string {
  parseConfig(source);
  const bom = source.startsWith('\uFEFF') ? '\uFEFF' : '';
  const hasCrLf = source.includes('\r\n');
  let text = source.slice(bom.length).replaceAll('\r\n', '\n');
  for (const key of EDITABLE_KEYS) {
    const value = edits[key];
    if (value !== undefined) text = change(text, key.split('.'), value);
  }
  parseConfig(text);
  return bom + (hasCrLf ? text.replaceAll('\n', '\r\n') : text);
}

/** In the text itself where that comes to the same as on the document, which writes the file anew in its manner. */
function change(text: string, path: string[], value: Value | null): string {
  const document = parseDocument(text);
  try {
    if (value === null) {
      document.deleteIn(path);
      prune(document, path.slice(0, -1));
    } else document.setIn(path, Array.isArray(value) ? document.createNode(value) : value);
  } catch (cause) {
    throw notEditable(path, cause);
  }
  const spliced = spliceYaml(text, path, value);
  if (spliced !== undefined && isSame(spliced, document)) return spliced;
  return isEmpty(document) ? '' : write(document, text);
}

function isSame(text: string, document: Document): boolean {
  const made = parseDocument(text);
  return made.errors.length === 0 && isDeepStrictEqual(toPlain(made) ?? {}, toPlain(document) ?? {});
}

const toPlain = (document: Document): unknown => document.toJS({ maxAliasCount: 100 });

/** Mappings that hold nothing any more go with their last key, unless somebody wrote about them. */
function prune(document: Document, path: string[]): void {
  for (let length = path.length; length > 0; length -= 1) {
    const at = path.slice(0, length);
    const node: unknown = document.getIn(at, true);
    const isEmptyMap =
      typeof node === 'object' &&
      node !== null &&
      'items' in node &&
      Array.isArray(node.items) &&
      node.items.length === 0;
    if (!isEmptyMap || ('comment' in node && node.comment)) return;
    document.deleteIn(at);
  }
}

function isEmpty({ contents, commentBefore, comment }: Document): boolean {
  const hasItems =
    contents !== null && 'items' in contents && Array.isArray(contents.items) && contents.items.length > 0;
  return !hasItems && !commentBefore && !comment;
}

/** Written in the manner of the file, as far as it shows one. */
function write(document: Document, text: string): string {
  const written = document.toString({
    lineWidth: 0,
    indent: indentOf(text),
    indentSeq: indentsLists(text),
    flowCollectionPadding: !/\{\S/.test(text),
  });
  return text === '' || text.endsWith('\n') ? written : written.replace(/\n$/, '');
}

const notEditable = (path: string[], cause: unknown) =>
  new VitrineError({
    code: 'CONFIG_NOT_EDITABLE',
    message: `${CONFIG_PATH} cannot be changed at ${path.join('.')}: an alias, or something that is no mapping, stands there.`,
    remedy: 'Change it in the editor.',
    status: 422,
    cause,
  });

/** What a configuration says of the keys that can be changed here. Throws CONFIG_INVALID. */
export function editableValues(source: string): Partial<Editable> {
  parseConfig(source);
  // An alias bomb did not get through the line before.
  const plain: unknown = parseDocument(source).toJS({ maxAliasCount: 100 });
  return pickEditable(plain);
}

/** What holds where a configuration says nothing. */
export const editableDefaults = (): Partial<Editable> => pickEditable(environmentConfigSchema.parse({}));

function pickEditable(config: unknown): Partial<Editable> {
  const found = EDITABLE_KEYS.flatMap((key) => {
    const value = key
      .split('.')
      .reduce<unknown>(
        (at, part) => (typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined),
        config,
      );
    return value === undefined || value === null ? [] : [[key, value]];
  });
  return editableSchema.partial().parse(Object.fromEntries(found));
}
