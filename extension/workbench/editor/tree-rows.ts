import { lossyPath } from '#shared/api/path-bytes.ts';
import type { ChangeStatus, TreeFile } from '#shared/api/source.ts';

/** One line of the file tree. */
export interface TreeRow {
  path: string;
  name: string;
  /** From 1. */
  level: number;
  kind: 'directory' | 'file';
  isOpen?: boolean;
  /** Of a directory: `modified` where something in it changed. */
  status?: ChangeStatus | undefined;
  /** Directory of a file that was found by a filter. */
  place?: string;
}

interface Directory {
  name: string;
  path: string;
  directories: Map<string, Directory>;
  files: TreeFile[];
  hasChanges: boolean;
}

/** The lines in sight: directories first, by name; those below an open directory under it. */
export function treeRows(files: readonly TreeFile[], open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  addRows(rows, directoryOf(files), open, 1);
  return rows;
}

/** Files whose path holds every word of a filter, those whose name does first. */
export function filteredRows(files: readonly TreeFile[], filter: string): TreeRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const rows = files
    .filter(({ path }) => holds(lossyPath(path)))
    .map(({ path, status }): TreeRow => {
      const cut = path.lastIndexOf('/');
      return {
        path,
        name: path.slice(cut + 1),
        place: path.slice(0, Math.max(0, cut)),
        level: 1,
        kind: 'file',
        status,
      };
    });
  return rows.toSorted((a, b) => Number(holds(lossyPath(b.name))) - Number(holds(lossyPath(a.name))));
}

/** The directories above a path, the outermost first. */
export function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function directoryOf(files: readonly TreeFile[]): Directory {
  const make = (name: string, path: string): Directory => ({
    name,
    path,
    directories: new Map(),
    files: [],
    hasChanges: false,
  });
  const root = make('', '');
  for (const file of files) {
    let at = root;
    for (const path of parentsOf(file.path)) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const next = at.directories.get(name) ?? make(name, path);
      at.directories.set(name, next);
      next.hasChanges ||= file.status !== undefined;
      at = next;
    }
    at.files.push(file);
  }
  return root;
}

function addRows(rows: TreeRow[], directory: Directory, open: ReadonlySet<string>, level: number): void {
  const byName = (a: { name: string }, b: { name: string }) =>
    a.name.localeCompare(b.name, 'en', { numeric: true });
  for (const child of [...directory.directories.values()].toSorted(byName)) {
    const isOpen = open.has(child.path);
    const { name, path, hasChanges } = child;
    rows.push({ path, name, level, kind: 'directory', isOpen, status: hasChanges ? 'modified' : undefined });
    if (isOpen) addRows(rows, child, open, level + 1);
  }
  const files = directory.files.map(({ path, status }): TreeRow => {
    return { path, name: path.slice(path.lastIndexOf('/') + 1), level, kind: 'file', status };
  });
  rows.push(...files.toSorted(byName));
}
