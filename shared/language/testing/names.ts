import type { ESTree } from 'vite';
import { type FunctionNode, inside, isFunction, type Node, type Source } from './sources.ts';

/** A value that callers of a function give. */
export interface Parameter {
  callable: FunctionNode;
  index: number;
  /** Of a parameter that is taken apart. */
  property?: string;
}

/** The parameter that a name means where it stands, if it is one. */
export function parameterNamed(name: string, from: Node, { parents }: Source): Parameter | undefined {
  for (let node = parents.get(from); node; node = parents.get(node)) {
    if (!isFunction(node)) continue;
    for (const [index, parameter] of node.params.entries()) {
      const pattern = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
      if (pattern.type === 'Identifier' && pattern.name === name) return { callable: node, index };
      if (pattern.type !== 'ObjectPattern') continue;
      for (const each of pattern.properties) {
        if (each.type !== 'Property') continue;
        const value = each.value.type === 'AssignmentPattern' ? each.value.left : each.value;
        if (value.type === 'Identifier' && value.name === name)
          return { callable: node, index, property: nameOf(each.key) ?? name };
      }
    }
    if (inside(node).some((each) => declares(each, name))) return undefined;
  }
  return undefined;
}

const declares = (node: Node, name: string): boolean =>
  node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.id.name === name;

/** What an object literal has for a property. */
export function givenFor(node: Node | undefined, property: string): Node | undefined {
  if (node?.type !== 'ObjectExpression') return undefined;
  for (const each of node.properties)
    if (each.type === 'Property' && nameOf(each.key) === property) return each.value;
  return undefined;
}

/** `f` of `f`, `a.f` and `this.#f` (with its `#`). */
export function nameOf(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'PrivateIdentifier') return `#${node.name}`;
  if (node.type === 'Literal') return String(node.value);
  return node.type === 'MemberExpression' && !node.computed ? nameOf(node.property) : undefined;
}

export function nameOfFunction(callable: FunctionNode, { parents }: Source): string | undefined {
  if (callable.id) return callable.id.name;
  const parent = parents.get(callable);
  if (parent?.type === 'VariableDeclarator') return nameOf(parent.id);
  return parent?.type === 'MethodDefinition' ? nameOf(parent.key) : undefined;
}

export function functionIn(declaration: ESTree.VariableDeclarator | FunctionNode): FunctionNode | undefined {
  if (isFunction(declaration)) return declaration;
  return isFunction(declaration.init) ? declaration.init : undefined;
}
