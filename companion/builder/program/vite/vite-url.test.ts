import { expect, it } from 'vitest';
import { cleanUrl, nodeUrl, withoutBase } from './vite-url.ts';

it('a module has one URL, whatever Vite appends', () => {
  expect(cleanUrl('/src/a.svg?import')).toBe('/src/a.svg');
  expect(cleanUrl('/src/a.vue?vue&type=style&t=123')).toBe('/src/a.vue?vue&type=style');
});

it('virtual modules are found under their id', () => {
  expect(nodeUrl('/@id/__x00__virtual:x')).toBe('\0virtual:x');
  expect(nodeUrl('/src/a.ts')).toBe('/src/a.ts');
});

it('the base is not part of a module’s URL', () => {
  expect(withoutBase('/app/src/a.ts', '/app/')).toBe('/src/a.ts');
  expect(withoutBase('/src/a.ts', '/')).toBe('/src/a.ts');
  expect(withoutBase('/apple/a.ts', '/app/')).toBe('/apple/a.ts');
});
