import { expect, it } from 'vitest';
import { sortAssignments } from './stable-imports.ts';

const state = 'const useState = __vite__cjsImport0_react["useState"];';
const client = 'const Client = ((m) => m?.__esModule ? m : { default: m })(__vite__cjsImport1_client);';
const rest = 'import __vite__cjsImport0_react from "/deps/react.js";\nconst b = 1;const a = 2;\n';

it('writes what comes from CommonJS packages in one order, however it was found', () => {
  const sorted = `${client}${state}${rest}`;
  expect(sortAssignments(`${state}${client}${rest}`)).toBe(sorted);
  expect(sortAssignments(sorted)).toBe(sorted);
});

it('leaves everything else alone', () => {
  for (const code of [rest, `${state}${rest}`, '', `const z = 1;${state}`])
    expect(sortAssignments(code)).toBe(code);
});
