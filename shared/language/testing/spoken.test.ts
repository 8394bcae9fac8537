// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are sources.
import { expect, it } from 'vitest';
import { parseSource } from './sources.ts';
import { spokenIn } from './spoken.ts';

function said(...texts: string[]): string[] {
  const sources = texts.map((text, index) => parseSource(`companion/${'abc'[index]}.ts`, text));
  return [...spokenIn(new Map(sources.map((source) => [source.path, source])))].toSorted();
}

it('finds sentences, with a place for each value', () => {
  expect(
    said(
      "throw new VitrineError({ code: 'X', message: `No ${what} in ${place}.`, remedy: 'Look ' + 'again.' })",
    ),
  ).toEqual(['Look again.', 'No {} in {}.']);
});

it('finds each of what a condition may say, in a template, too', () => {
  expect(
    said('x({ message: `It ended (${signal ?? `exit code ${code}`}).${lines ? ` Last: ${lines}` : ""}` })'),
  ).toEqual([
    'It ended (exit code {}).',
    'It ended (exit code {}). Last: {}',
    'It ended ({}).',
    'It ended ({}). Last: {}',
  ]);
});

it('follows variables, tables and functions', () => {
  expect(
    said(`
      const REMEDY = 'Start it again.';
      const KINDS = { a: 'of the first kind', b: 'of the second kind' };
      const title = (name: string) => \`The service \${name}\`;
      export const failed = (kind: string) => ({ message: \`\${title(kind)} is gone\`, remedy: REMEDY, reason: KINDS[kind] });
    `),
  ).toEqual(['Start it again.', 'The service {}', 'of the first kind', 'of the second kind', '{} is gone']);
});

it('follows what functions are called with, in other modules, too', () => {
  expect(
    said(
      'export function unusable(why: string, { cause }: { cause: string }) { return { message: `Unusable: ${why} (${cause})` }; }',
      "import { unusable } from './a.ts'; throw unusable('it is not a URL', { cause: 'no colon in it' });",
      "const unusable = (text: string) => text; unusable('this is another one');",
    ),
  ).toEqual(['Unusable: {} ({})', 'it is not a URL', 'no colon in it']);
});

it('takes names, paths and what is no text for none', () => {
  expect(said("x({ message: 'index.html', reason: count + 1, detail: path, error: `${a}${b}` })")).toEqual(
    [],
  );
});
