import { isWords } from './forms.ts';
import { givenFor, nameOf } from './names.ts';
import { isFunction, type Node, returnsOf, type Source } from './sources.ts';
import { Words } from './words.ts';

/** Properties whose texts are made for people. */
const SPOKEN = new Set(['message', 'remedy', 'reason', 'detail', 'notes', 'error', 'why']);

/** Calls whose arguments reach the workbench: of what, and which. */
const CALLS: { callee: RegExp; from: number }[] = [
  { callee: /(^|\.)#?steps\.(begin|end|tell|fail|run)$/, from: 0 },
  { callee: /(^|\.)journal\.event$/, from: 1 },
  { callee: /\.(#say|#warn|onDegraded|onUnfit|onEvent)\??$/, from: 0 },
  { callee: /^NeedsOwnServer$/, from: 0 },
  { callee: /\.(regex|refine)$/, from: 1 },
  { callee: /\.switchProvider$/, from: 1 },
  { callee: /\.onStep\??$/, from: 2 },
  { callee: /(^|[.#])(on)?[pP]rogress$/, from: 0 },
];

/** Every sentence that the sources say to people, with `{}` in the places of values. */
export function spokenIn(sources: ReadonlyMap<string, Source>): Set<string> {
  const words = new Words(sources);
  const causes = new Words(sources);
  for (const source of sources.values()) {
    for (const object of source.objects) {
      const isOfVitrine = stringIn(givenFor(object, 'source')) === 'vitrine';
      for (const property of object.properties) {
        if (property.type !== 'Property') continue;
        const name = nameOf(property.key) ?? '';
        if (SPOKEN.has(name) || (isOfVitrine && name === 'text')) words.collect(property.value, source);
      }
    }
    for (const call of source.calls) {
      const callee = pathOf(call.callee);
      const [cause] = call.arguments;
      if (callee === 'Error' && cause && source.path.startsWith('companion/')) causes.collect(cause, source);
      const spoken = CALLS.find((each) => each.callee.test(callee));
      for (const argument of spoken ? call.arguments.slice(spoken.from) : [])
        for (const each of isFunction(argument) ? returnsOf(argument) : [argument])
          words.collect(each, source);
    }
  }
  const others = [...causes.found].filter((form) => !FOR_PROGRAMMERS.test(form));
  return new Set([...words.found, ...others].flatMap(sentencesIn));
}

/** Everything that is written in the sources, said to people or not. */
export function writtenIn(sources: ReadonlyMap<string, Source>): Set<string> {
  const words = new Words(sources);
  for (const source of sources.values()) for (const text of source.texts) words.collect(text, source);
  return new Set([...words.found].flatMap(sentencesIn));
}

/** What a program expected of itself. */
const FOR_PROGRAMMERS = /^Expected /;

const sentencesIn = (form: string): string[] =>
  form
    .split('\n')
    .map((line) => line.trim())
    .filter(isWords);

function stringIn(node: Node | undefined): string | undefined {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

/** `this.#context.steps.end`, without what is computed. */
function pathOf(node: Node): string {
  if (node.type !== 'MemberExpression') return nameOf(node) ?? '';
  return `${pathOf(node.object)}.${nameOf(node) ?? ''}`;
}
