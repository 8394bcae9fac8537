import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ServedScripts } from './served-scripts.ts';
import { StackMapper } from './stack-mapper.ts';

const ORIGIN = 'http://blue.localhost:1234';
const SOURCE = `type Name = string;
interface Props {
  name: Name;
}
export function greet({ name }: Props): never {
  throw new Error(name);
}
`;

let worktree: string;
let served: Record<string, string>;
let asked: string[];
let scripts: ServedScripts;
let stacks: StackMapper;

beforeEach(async () => {
  worktree = await mkdtemp(join(tmpdir(), 'vitrine-stacks-'));
  await mkdir(join(worktree, 'src'));
  await writeFile(join(worktree, 'src/greet.ts'), SOURCE);
  served = {};
  asked = [];
  scripts = new ServedScripts(async (path) => {
    asked.push(path);
    return path in served ? Buffer.from(served[path] ?? '') : null;
  });
  stacks = new StackMapper(scripts, { worktree, root: worktree, origin: ORIGIN });
});
afterEach(async () => {
  stacks.close();
  await rm(worktree, { recursive: true, force: true });
});

async function compiled() {
  const options = {
    loader: 'ts',
    sourcefile: 'webpack://app/./src/greet.ts',
    sourcemap: 'external',
  } as const;
  const { code, map } = await transform(SOURCE, options);
  const at = code.slice(0, code.indexOf('new Error')).split('\n');
  return { code, map, line: at.length, column: (at.at(-1)?.length ?? 0) + 1 };
}

function serve(path: string, text: string): void {
  served[path] = text;
  scripts.add(path);
}

it('puts the places of the sources into a stack, by the map that a script links to, and asks for each once', async () => {
  const { code, map, line, column } = await compiled();
  serve('/main.js', `${code}//# sourceMappingURL=main.js.map`);
  served['/main.js.map'] = map;
  const stack = `Error: Ann\n    at greet (${ORIGIN}/main.js:${line}:${column})\n    at ${ORIGIN}/other.js:1:1`;
  const mapped = `Error: Ann\n    at greet (src/greet.ts:6:9)\n    at ${ORIGIN}/other.js:1:1`;
  expect(await stacks.mapStack(stack)).toBe(mapped);
  expect(await stacks.mapStack(stack)).toBe(mapped);
  expect(asked).toEqual(['/main.js', '/main.js.map']);
});

it('asks for a map once that many places of a stack need', async () => {
  const { code, map, line, column } = await compiled();
  serve('/main.js', `${code}//# sourceMappingURL=main.js.map`);
  served['/main.js.map'] = map;
  const stack = [0, 1, 2].map((more) => `at ${ORIGIN}/main.js:${line}:${column + more}`).join('\n');
  expect((await stacks.mapStack(stack)).match(/src\/greet\.ts/g)).toHaveLength(3);
  expect(asked).toEqual(['/main.js', '/main.js.map']);
});

it('finds modules that were evaluated, in the newest script that has them', async () => {
  const { code, map, line, column } = await compiled();
  const name = 'webpack-internal:///./src/greet.ts';
  const data = Buffer.from(map).toString('base64');
  const module = (text: string, end: string) =>
    `eval(${JSON.stringify(`${text}${end}\n//# sourceURL=${name}\n`)});`;
  serve('/main.js', module('old();', '//# sourceMappingURL=data:application/json;base64,e30='));
  serve('/main.hot-update.js', module(code, `//# sourceMappingURL=data:application/json;base64,${data}`));
  expect(await stacks.mapStack(`    at greet (${name}:${line}:${column})`)).toBe(
    '    at greet (src/greet.ts:6:9)',
  );
});

it('names a file that is served as it lies there, and not one that only has its name', async () => {
  await writeFile(join(worktree, 'app.js'), 'one();\ntwo();\n');
  serve('/app.js', 'one();\ntwo();\n');
  expect(await stacks.mapStack(`at ${ORIGIN}/app.js:2:1`)).toBe('at app.js:2:1');
  stacks.forget();
  serve('/app.js', 'other();\nthings();\n');
  expect(await stacks.mapStack(`at ${ORIGIN}/app.js:2:1`)).toBe(`at ${ORIGIN}/app.js:2:1`);
});

it('asks for nothing that no page got, at no other host, and follows no map to one', async () => {
  served['/secret'] = 'x';
  serve('/far.js', 'run();\n//# sourceMappingURL=http://other.localhost:1234/a.map');
  for (const place of [
    `${ORIGIN}/secret:1:1`,
    'http://other.localhost:1234/far.js:1:1',
    `${ORIGIN}/far.js:1:1`,
  ])
    expect(await stacks.mapStack(`at ${place}`)).toBe(`at ${place}`);
  expect(asked).toEqual(['/far.js']);
});

it.each([
  '{',
  '{}',
  '{"version":3,"sources":[null],"mappings":"AAAA"}',
  `{"version":3,"sections":${'['.repeat(2000)}`,
])('leaves a place as it is whose map is %.40s', async (map) => {
  serve('/main.js', 'run();\n//# sourceMappingURL=main.js.map');
  served['/main.js.map'] = map;
  expect(await stacks.mapStack(`at ${ORIGIN}/main.js:1:1`)).toBe(`at ${ORIGIN}/main.js:1:1`);
});

it('a page that is loaded again has the maps of then', async () => {
  const { code, map, line, column } = await compiled();
  serve('/main.js', `${code}//# sourceMappingURL=main.js.map`);
  served['/main.js.map'] = JSON.stringify({ version: 3, sources: [], mappings: '' });
  const place = `at ${ORIGIN}/main.js:${line}:${column}`;
  expect(await stacks.mapStack(place)).toBe(place);
  served['/main.js.map'] = map;
  stacks.forget();
  expect(await stacks.mapStack(place)).toBe('at src/greet.ts:6:9');
});
