import { expect, it } from 'vitest';
import { waitUntil } from '../../e2e/wait-until.ts';
import { reactWithVite8 } from './testing/fixture-apps.ts';
import type { PreviewServer } from './testing/preview-server.ts';
import { Previews } from './testing/previews.ts';

const previews = Previews.inThisFile();

async function print(script: string): Promise<PreviewServer> {
  const { preview } = await previews.start({
    ...reactWithVite8,
    'src/print.ts': script,
    'src/greeting.ts': `import './print.ts';\nexport const greeting = 'Hello';\nconsole.log('over');\n`,
  });
  await previews.open(preview);
  await waitUntil(() => preview.console.some(({ text }) => text === 'over'), { what: 'the last line' });
  return preview;
}
const browserLines = ({ console: lines }: PreviewServer) =>
  lines.filter(({ source, text }) => source === 'browser' && !/vite|React DevTools/.test(text));

it('prints groups, tables, counts, timers, assertions and traces as developer tools do', async () => {
  const preview = await print(`console.group('outer %s', 'group');
console.log('inside');
console.groupCollapsed();
console.warn('deeper');
console.groupEnd();
console.groupEnd();
console.table([{ id: 1, name: 'Ann' }, { id: 2, name: 'Bob' }]);
console.table({ a: 1 });
console.count();
console.count();
console.countReset();
console.count();
console.time('load');
console.timeLog('load', { done: 1 });
console.timeEnd('load');
console.timeEnd('load');
console.assert(true, 'fine');
console.assert(false, 'broken %d', 3);
console.dir({ deep: [1] });
function traced() {
  console.trace('here');
}
traced();
`);
  const lines = browserLines(preview);
  const told = lines.map(({ level, text, depth = 0 }) => `${depth} ${level} ${text}`);
  expect(told).toEqual([
    '0 log outer group',
    '1 log inside',
    '1 log console.group',
    '2 warn deeper',
    `0 log ┌─────────┬────┬───────┐
│ (index) │ id │ name  │
├─────────┼────┼───────┤
│ 0       │ 1  │ "Ann" │
│ 1       │ 2  │ "Bob" │
└─────────┴────┴───────┘`,
    `0 log ┌─────────┬───────┐
│ (index) │ Value │
├─────────┼───────┤
│ a       │ 1     │
└─────────┴───────┘`,
    '0 log default: 1',
    '0 log default: 2',
    '0 log default: 1',
    expect.stringMatching(/^0 log load: [\d.]+ ms \{ done: 1 \}$/),
    expect.stringMatching(/^0 log load: [\d.]+ ms$/),
    '0 warn Timer “load” does not exist.',
    '0 error Assertion failed: broken 3',
    '0 log { deep: [1] }',
    '0 log here',
    '0 log over',
  ]);
  expect(lines.find(({ text }) => text === 'here')?.stack).toMatch(/^\s*at traced \(src\/print\.ts:21:\d+\)/);
});

it('takes what is cyclic, huge, guarded or thrown, with places in the sources', async () => {
  const preview = await print(`const circle: { self?: unknown } = {};
circle.self = circle;
console.log(circle);
console.log(new Proxy({}, { ownKeys() { console.log('trap'); throw new Error('no keys'); } }));
console.log({ get secret() { throw new Error('it ran'); } });
console.log(Array.from({ length: 100_000 }, (_each, index) => ({ index })));
console.log('x'.repeat(1_000_000));
setTimeout(() => {
  throw new Error('nobody caught');
});
void Promise.reject(new TypeError('nobody waited'));
`);
  const find = (part: string) =>
    waitUntil(() => browserLines(preview).find(({ text }) => text.includes(part)), { what: part });
  await find('{ self: [Circular] }');
  await find('[no keys]');
  await find('{ secret: [Getter] }');
  await find('… 99950 more');
  await find('(1000000 characters)');
  expect((await find('Uncaught Error: nobody caught')).stack).toMatch(/src\/print\.ts:9:\d+/);
  expect((await find('Unhandled rejection: TypeError: nobody waited')).stack).toMatch(
    /src\/print\.ts:11:\d+/,
  );
});
