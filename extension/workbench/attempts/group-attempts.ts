import type { Attempt, AttemptList } from '#shared/api/attempt.ts';
import type { Environment, Failure } from '#shared/api/environment.ts';
import type { SourceKind } from './attempt-store.ts';

/** One line of the list: an attempt, its environment, or both. */
export interface AttemptRow {
  key: string;
  title: string;
  agentId: string;
  branch: string;
  attempt?: Attempt;
  environment?: Environment;
}

export interface AttemptGroup {
  key: string;
  kind: SourceKind | 'elsewhere';
  location: string;
  failure?: Failure;
  rows: AttemptRow[];
  /** How many rows there are without the filter. */
  total: number;
}

export interface AttemptFilter {
  query: string;
  /** Only attempts that have an environment. */
  openOnly: boolean;
}

/** The list as it is shown: a group for each source in the given order, then environments of no listed source. */
export function groupAttempts(
  { attempts, sources }: AttemptList,
  environments: readonly Environment[],
  filter: AttemptFilter,
): AttemptGroup[] {
  const claimed = new Set<string>();
  const byId = new Map(environments.map((each) => [each.id, each]));
  const byWorktree = new Map(environments.map((each) => [each.worktree, each]));
  const groups = new Map<string, AttemptGroup>();
  for (const { kind, location, failure } of sources) {
    const key = groupKey(kind, location);
    groups.set(key, { key, kind, location, failure, rows: [], total: 0 });
  }
  for (const attempt of attempts) {
    const { kind } = attempt.source;
    const location = attempt.source.kind === 'board' ? attempt.source.url : attempt.source.path;
    const key = groupKey(kind, location);
    const group = groups.get(key) ?? { key, kind, location, rows: [], total: 0 };
    groups.set(key, group);
    const environment = byId.get(attempt.environmentId ?? '') ?? byWorktree.get(attempt.worktree);
    if (environment) claimed.add(environment.id);
    addRow(group, rowOf(attempt, environment), filter);
  }
  const rest = environments.filter(({ id }) => !claimed.has(id));
  if (rest.length > 0) {
    const group: AttemptGroup = { key: 'elsewhere', kind: 'elsewhere', location: '', rows: [], total: 0 };
    groups.set(group.key, group);
    for (const environment of rest) addRow(group, rowOf(undefined, environment), filter);
  }
  return [...groups.values()];
}

/** A URL with and without its last slash is the same board. */
function groupKey(kind: SourceKind, location: string): string {
  return `${kind} ${location.length > 1 ? location.replace(/\/$/, '') : location}`;
}

function rowOf(attempt: Attempt | undefined, environment: Environment | undefined): AttemptRow {
  const known = attempt ?? environment;
  return {
    key: `${attempt?.taskId ?? ''} ${known?.worktree ?? ''} ${environment?.id ?? ''}`,
    title: known?.title ?? '',
    agentId: known?.agentId ?? '',
    branch: known?.branch ?? '',
    attempt,
    environment,
  };
}

function addRow(group: AttemptGroup, row: AttemptRow, { query, openOnly }: AttemptFilter): void {
  group.total += 1;
  if (openOnly && !row.environment) return;
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const haystack = `${row.title}\n${row.agentId}\n${agentName(row.agentId)}\n${row.branch}`.toLowerCase();
  if (words.every((word) => haystack.includes(word))) group.rows.push(row);
}

const AGENT_NAMES: Record<string, string> = {
  claude_code: 'Claude Code',
  codex: 'Codex',
  gemini: 'Gemini CLI',
  amp: 'Amp',
  opencode: 'OpenCode',
  cursor: 'Cursor',
  copilot: 'Copilot',
  qwen_code: 'Qwen Code',
};

/** An agent's own name for what boards call it; what is not known is shown as it is, and what names no agent as nothing. */
export function agentName(agentId: string): string {
  if (agentId === 'unknown' || agentId === 'local') return '';
  return AGENT_NAMES[agentId.toLowerCase().replaceAll('-', '_')] ?? agentId;
}

/** The part of a location that tells it from others: the folder's name, or the host. */
export function shortLocation(kind: SourceKind, location: string): string {
  if (kind === 'board') {
    try {
      return new URL(location).host;
    } catch {
      return location;
    }
  }
  return location.split(/[/\\]/).filter(Boolean).at(-1) ?? location;
}
