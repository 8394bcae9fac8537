import { describe, expect, it } from 'vitest';
import { filteredRows, parentsOf, treeRows } from './tree-rows.ts';

const files = [
  { path: 'src/cart/badge.tsx', size: 1, status: 'modified' as const },
  { path: 'src/cart/10.ts', size: 1 },
  { path: 'src/cart/9.ts', size: 1 },
  { path: 'src/app.tsx', size: 1 },
  { path: 'package.json', size: 1 },
  { path: '__proto__/constructor', size: 1 },
];

const drawn = (open: string[]) =>
  treeRows(files, new Set(open)).map(
    ({ level, name, isOpen, status }) =>
      `${' '.repeat(level - 1)}${name}${isOpen ? '/' : ''}${status ? '*' : ''}`,
  );

describe('the file tree', () => {
  it('shows what is below open directories, directories first, and where changes are', () => {
    expect(drawn([])).toEqual(['__proto__', 'src*', 'package.json']);
    expect(drawn(['src', 'src/cart'])).toEqual([
      '__proto__',
      'src/*',
      ' cart/*',
      '  9.ts',
      '  10.ts',
      '  badge.tsx*',
      ' app.tsx',
      'package.json',
    ]);
  });

  it('is filtered by words of the path, names first', () => {
    expect(filteredRows(files, 'cart badge').map(({ path }) => path)).toEqual(['src/cart/badge.tsx']);
    expect(filteredRows(files, 'APP').map(({ name, place }) => [name, place])).toEqual([['app.tsx', 'src']]);
  });

  it('knows the directories above a path', () => {
    expect(parentsOf('a/b/c.ts')).toEqual(['a', 'a/b']);
    expect(parentsOf('c.ts')).toEqual([]);
  });
});
