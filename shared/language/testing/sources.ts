import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type ESTree, parseSync } from 'vite';

export type Node = ESTree.Node;
export type FunctionNode = ESTree.Function | ESTree.ArrowFunctionExpression;

/** A module of the sources, with what is needed to see where a value comes from. */
export interface Source {
  path: string;
  program: Node;
  parents: Map<Node, Node>;
  calls: (ESTree.CallExpression | ESTree.NewExpression)[];
  objects: ESTree.ObjectExpression[];
  texts: Node[];
  /** Declared names: variables and functions, wherever they are in the module. */
  declared: Map<string, (ESTree.VariableDeclarator | FunctionNode)[]>;
  /** Imported names, and the module of the sources they come from. */
  imported: Map<string, string>;
}

const ROOT = join(import.meta.dirname, '../../..');

/** Every module that may say something to a person, without tests and what only they use. */
export function readSources(): Map<string, Source> {
  const paths = globSync('{companion,extension,shared}/**/*.{ts,tsx}', { cwd: ROOT })
    .filter((path) => !/\.test\.tsx?$|-suite\.ts$|fixture|fake-|(^|\/)(testing|demo)\/|\/public\//.test(path))
    .filter((path) => !/^shared\/language\//.test(path))
    .toSorted();
  return new Map(paths.map((path) => [path, parseSource(path, readFileSync(join(ROOT, path), 'utf8'))]));
}

export function parseSource(path: string, text: string): Source {
  const { program } = parseSync(path, text);
  const source: Source = {
    path,
    program,
    parents: new Map(),
    calls: [],
    objects: [],
    texts: [],
    declared: new Map(),
    imported: new Map(),
  };
  visit(program, source);
  return source;
}

function visit(node: Node, source: Source): void {
  note(node, source);
  for (const child of childrenOf(node)) {
    source.parents.set(child, node);
    visit(child, source);
  }
}

function note(node: Node, source: Source): void {
  if (node.type === 'CallExpression' || node.type === 'NewExpression') source.calls.push(node);
  else if (node.type === 'ObjectExpression') source.objects.push(node);
  else if (node.type === 'TemplateLiteral') source.texts.push(node);
  else if (node.type === 'Literal' && typeof node.value === 'string') source.texts.push(node);
  else if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') declare(node.id.name, node);
  else if (node.type === 'FunctionDeclaration' && node.id) declare(node.id.name, node);
  else if (node.type === 'ImportDeclaration') {
    const from = moduleOf(node.source.value, source.path);
    for (const each of from ? node.specifiers : []) source.imported.set(each.local.name, from ?? '');
  }
  function declare(name: string, declaration: ESTree.VariableDeclarator | FunctionNode): void {
    source.declared.set(name, [...(source.declared.get(name) ?? []), declaration]);
  }
}

function moduleOf(specifier: string, importer: string): string | undefined {
  if (specifier.startsWith('#shared/')) return specifier.slice(1);
  if (!specifier.startsWith('.')) return undefined;
  return relative('.', join(dirname(importer), specifier));
}

export function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value: unknown) =>
    (Array.isArray(value) ? value : [value]).filter(isNode),
  );
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** What a function gives back. */
export function returnsOf(callable: FunctionNode): Node[] {
  const { body } = callable;
  if (!body) return [];
  if (body.type !== 'BlockStatement') return [body];
  return inside(body).flatMap((node) =>
    node.type === 'ReturnStatement' && node.argument ? [node.argument] : [],
  );
}

/** Nodes below this one, without those of functions in it. */
export function inside(node: Node): Node[] {
  return childrenOf(node).flatMap((child) => (isFunction(child) ? [] : [child, ...inside(child)]));
}

export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return (
    node?.type === 'FunctionDeclaration' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'ArrowFunctionExpression'
  );
}
