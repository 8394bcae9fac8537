import type { ESTree } from 'vite';
import { combine, HOLE, isWords, unique } from './forms.ts';
import { functionIn, givenFor, nameOf, nameOfFunction, type Parameter, parameterNamed } from './names.ts';
import { type FunctionNode, isFunction, type Node, returnsOf, type Source } from './sources.ts';

/** What they give back is said in the words of what they were called on. */
const LIST_METHODS = new Set(['slice', 'filter', 'toSorted']);

type Sources = ReadonlyMap<string, Source>;

/**
 * The sentences that an expression may be, with {@link HOLE} for what is not written in the sources. Follows conditions,
 * variables, functions and parameters, as far as they are named; what it finds on the way that is a text of its own (what a
 * function was called with, what a function in a template gives back) goes to `found`.
 */
export class Words {
  readonly found = new Set<string>();
  readonly #sources: Sources;
  readonly #asked = new Set<Node>();
  readonly #open = new Set<Node>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** Everything that this expression may say is a text for people. */
  collect(expression: Node, source: Source): void {
    if (this.#asked.has(expression)) return;
    this.#asked.add(expression);
    this.#keep(this.#forms(expression, source));
  }

  #keep(forms: string[]): void {
    for (const form of forms) this.found.add(form.replaceAll(/(?:\{\})+/g, HOLE));
  }

  #forms(node: Node, source: Source): string[] {
    const forms = (each: Node) => this.#forms(each, source);
    switch (node.type) {
      case 'Literal':
        return [typeof node.value === 'string' ? node.value : HOLE];
      case 'TemplateLiteral':
        return combine(
          node.quasis.flatMap((quasi, index) => {
            const expression = node.expressions[index];
            const text = [quasi.value.cooked ?? ''];
            return expression ? [text, this.#inTemplate(expression, source)] : [text];
          }),
        );
      case 'BinaryExpression':
        if (node.operator !== '+') return [HOLE];
        return combine([this.#inTemplate(node.left, source), this.#inTemplate(node.right, source)]);
      case 'ConditionalExpression':
        return unique([...forms(node.consequent), ...forms(node.alternate)]);
      case 'LogicalExpression':
        return node.operator === '&&'
          ? forms(node.right)
          : unique([...forms(node.left), ...forms(node.right)]);
      case 'ArrayExpression':
        return unique(node.elements.flatMap((each) => (each ? forms(each) : [])));
      case 'SpreadElement':
        return forms(node.argument);
      case 'TSAsExpression':
      case 'TSNonNullExpression':
      case 'TSSatisfiesExpression':
      case 'ParenthesizedExpression':
      case 'AwaitExpression':
        return forms('argument' in node ? node.argument : node.expression);
      case 'Identifier':
        return this.#named(node.name, node, source);
      case 'CallExpression':
        return this.#called(node, source);
      case 'MemberExpression':
        return this.#looked(node, source);
      default:
        return isFunction(node) ? this.#given(node, source) : [HOLE];
    }
  }

  /** In a template a function's text is a text of its own: its places in sentences are many. */
  #inTemplate(node: Node, source: Source): string[] {
    if (node.type !== 'CallExpression' && node.type !== 'MemberExpression') return this.#forms(node, source);
    this.#keep(this.#forms(node, source));
    return [HOLE];
  }

  #named(name: string, node: Node, source: Source): string[] {
    const parameter = parameterNamed(name, node, source);
    if (parameter) {
      this.#collectArguments(parameter, source);
      return [HOLE];
    }
    const [owner, declarations] = this.#declarations(name, source);
    const forms = declarations.flatMap((each) => {
      if (isFunction(each) || !each.init) return [];
      const constant = each.init.type === 'Literal' && !isWords(String(each.init.value));
      return constant ? [HOLE] : this.#guarded(each.init, owner);
    });
    return forms.length > 0 ? unique(forms) : [HOLE];
  }

  #called(node: ESTree.CallExpression, source: Source): string[] {
    const { callee } = node;
    if (callee.type === 'Identifier') {
      const [owner, declarations] = this.#declarations(callee.name, source);
      const callables = declarations.flatMap((each) => functionIn(each) ?? []);
      const forms = callables.flatMap((each) => this.#guarded(each, owner));
      return forms.length > 0 ? unique(forms) : [HOLE];
    }
    const [first] = node.arguments;
    const method = callee.type === 'MemberExpression' ? nameOf(callee) : undefined;
    if (callee.type === 'MemberExpression' && method === 'join') this.collect(callee.object, source);
    if ((method === 'map' || method === 'flatMap') && first && isFunction(first))
      return this.#given(first, source);
    return callee.type === 'MemberExpression' && LIST_METHODS.has(method ?? '')
      ? this.#forms(callee.object, source)
      : [HOLE];
  }

  /** `TABLE[key]`: any of its values. */
  #looked(node: ESTree.MemberExpression, source: Source): string[] {
    if (!node.computed || node.object.type !== 'Identifier') return [HOLE];
    const [owner, declarations] = this.#declarations(node.object.name, source);
    const table = declarations.flatMap((each) =>
      !isFunction(each) && each.init?.type === 'ObjectExpression' ? each.init.properties : [],
    );
    const values = table.flatMap((each) => (each.type === 'Property' ? this.#forms(each.value, owner) : []));
    return values.some(isWords) ? unique(values) : [HOLE];
  }

  #given(callable: FunctionNode, source: Source): string[] {
    return unique(returnsOf(callable).flatMap((each) => this.#forms(each, source)));
  }

  /** What comes from itself in the end is looked at once. */
  #guarded(node: Node, source: Source): string[] {
    if (this.#open.has(node)) return [HOLE];
    this.#open.add(node);
    try {
      return this.#forms(node, source);
    } finally {
      this.#open.delete(node);
    }
  }

  #declarations(name: string, source: Source): [Source, (ESTree.VariableDeclarator | FunctionNode)[]] {
    const here = source.declared.get(name);
    if (here) return [source, here];
    const from = this.#sources.get(source.imported.get(name) ?? '');
    return [from ?? source, from?.declared.get(name) ?? []];
  }

  /** Whatever functions of the sources are given for this parameter. */
  #collectArguments({ callable, index, property }: Parameter, source: Source): void {
    const name = nameOfFunction(callable, source);
    if (name === undefined) return;
    const isMethod = source.parents.get(callable)?.type === 'MethodDefinition' && !name.startsWith('#');
    for (const other of this.#sources.values()) {
      if (other !== source && !isMethod && other.imported.get(name) !== source.path) continue;
      for (const call of other.calls) {
        if (nameOf(call.callee) !== name || (call.callee.type === 'Identifier') === isMethod) continue;
        const argument = call.arguments[index];
        const given = property === undefined ? argument : givenFor(argument, property);
        if (given) this.collect(given, other);
      }
    }
  }
}
