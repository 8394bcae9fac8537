import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DatabaseSpec } from '../database.ts';
import { confined, isSqliteFile, type Template } from '../templates/file.ts';

const DATABASE_FILE = /\.(?:db|sqlite|sqlite3)$/i;
/** Where projects keep their development database, likeliest first. */
const DIRECTORIES = ['.', 'data', 'db', 'prisma', 'server', 'backend'];
const WORKSPACES = ['apps', 'packages'];
/** A repository may hold anything: so many workspaces are looked at, and so many names in a directory. */
const MAX_WORKSPACES = 50;
const MAX_NAMES = 2_000;
/** Names that say what a file is for, and names that say it is not the one. */
const PLAUSIBLE = /^(?:dev|development|app|data|database|main|db|local|seed|template|sqlite)\b/i;
const IMPLAUSIBLE = /(?:^|[-_.])(?:tests?|e2e|cache|backup|bak|tmp|sessions?|queue|logs?)(?:[-_.]|$)/i;

export interface DetectedTemplate extends Template {
  /** Why this one, when there were several. */
  reason: string | null;
}

interface Candidate extends Template {
  /** Lower is likelier; compared from left to right. */
  rank: number[];
}

/** Looks for the project's SQLite database: the worktree's own first, then the (often git-ignored) one of the main checkout. */
export async function detectTemplate({
  worktree,
  mainCheckout,
}: Pick<DatabaseSpec, 'worktree' | 'mainCheckout'>): Promise<DetectedTemplate | null> {
  for (const root of new Set([worktree, mainCheckout])) {
    const found = await candidatesIn(root);
    found.sort(byRank);
    const [best, ...others] = found;
    if (!best) continue;
    const { rank: _rank, ...template } = best;
    const reason =
      others.length === 0
        ? null
        : `the likeliest of ${found.length} by place and name, before ${others.map(({ name }) => name).join(', ')}`;
    return { ...template, reason };
  }
  return null;
}

async function candidatesIn(root: string): Promise<Candidate[]> {
  const workspaces = (await Promise.all(WORKSPACES.map((group) => workspacesIn(root, group)))).flat();
  const places = ['', ...workspaces].flatMap((workspace) => DIRECTORIES.map((name) => join(workspace, name)));
  const found = await Promise.all(places.map((place, index) => candidatesAt(root, place, index)));
  return found.flat();
}

async function workspacesIn(root: string, group: string): Promise<string[]> {
  const entries = await readdir(join(root, group), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .slice(0, MAX_WORKSPACES)
    .map((entry) => join(group, entry.name));
}

async function candidatesAt(root: string, place: string, placeRank: number): Promise<Candidate[]> {
  const names = await readdir(join(root, place)).catch(() => []);
  const candidates: Candidate[] = [];
  for (const file of names.slice(0, MAX_NAMES).filter((name) => DATABASE_FILE.test(name))) {
    const name = join(place, file);
    const path = await confined(root, name);
    if (!path || !(await isSqliteFile(path).catch(() => false))) continue;
    const { size } = await stat(path);
    const rank = [size === 0 ? 1 : 0, nameRank(basename(file)), placeRank];
    candidates.push({ kind: 'database', path, name, rank });
  }
  return candidates;
}

function nameRank(name: string): number {
  if (IMPLAUSIBLE.test(name)) return 2;
  return PLAUSIBLE.test(name) ? 0 : 1;
}

function byRank(a: Candidate, b: Candidate): number {
  for (const [index, value] of a.rank.entries()) {
    const difference = value - (b.rank[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.name.localeCompare(b.name);
}
