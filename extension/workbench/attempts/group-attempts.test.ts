import { describe, expect, it } from 'vitest';
import { makeAttempt, makeEnvironment } from '../testing/sample-data.ts';
import { agentName, groupAttempts, shortLocation } from './group-attempts.ts';

const everything = { query: '', openOnly: false };
const repository = { kind: 'repository', location: '/home/dev/shop' } as const;
const board = { kind: 'board', location: 'http://localhost:3000/' } as const;
const onBoard = { kind: 'board', url: 'http://localhost:3000' } as const;
const origin = 'http://cart.localhost:4000';

describe('groupAttempts', () => {
  it('groups by source, keeps their order, and keeps a source without attempts and its failure', () => {
    const failure = { code: 'X', message: 'm', remedy: 'r' };
    const groups = groupAttempts(
      {
        sources: [{ ...repository, failure }, board],
        attempts: [makeAttempt({ taskId: 'a', source: onBoard })],
      },
      [],
      everything,
    );
    expect(groups.map(({ kind, rows }) => [kind, rows.length])).toEqual([
      ['repository', 0],
      ['board', 1],
    ]);
    expect(groups[0]?.failure).toEqual(failure);
  });

  it('finds the environment of an attempt by its worktree, before the list was looked at again', () => {
    const attempt = makeAttempt({ taskId: 'a', worktree: '/w/a' });
    const environment = makeEnvironment({ id: 'cart', origin, worktree: '/w/a' });
    const [group] = groupAttempts({ sources: [repository], attempts: [attempt] }, [environment], everything);
    expect(group?.rows[0]?.environment?.id).toBe('cart');
  });

  it('lists environments of no source apart', () => {
    const environment = makeEnvironment({ id: 'cart', origin });
    const groups = groupAttempts({ sources: [], attempts: [] }, [environment], everything);
    expect(groups).toMatchObject([{ kind: 'elsewhere', rows: [{ environment: { id: 'cart' } }] }]);
  });

  it('filters by all words over title, agent and branch, and counts what it hides', () => {
    const attempts = [
      makeAttempt({ taskId: 'a', title: 'Cart total', branch: 'vk/one' }),
      makeAttempt({ taskId: 'b', title: 'Login form', branch: 'vk/two', agentId: 'codex' }),
    ];
    const rows = (query: string) =>
      groupAttempts({ sources: [repository], attempts }, [], { query, openOnly: false })[0]?.rows.map(
        (row) => row.attempt?.taskId,
      );
    expect(rows('claude CART')).toEqual(['a']);
    expect(rows('two')).toEqual(['b']);
    expect(rows('cart two')).toEqual([]);
    const [group] = groupAttempts({ sources: [], attempts }, [], { query: '', openOnly: true });
    expect(group).toMatchObject({ total: 2, rows: [] });
  });
});

describe('names', () => {
  it('calls agents by their own name', () => {
    expect(agentName('CLAUDE_CODE')).toBe('Claude Code');
    expect(agentName('claude-code')).toBe('Claude Code');
    expect(agentName('my-agent')).toBe('my-agent');
    expect(agentName('unknown')).toBe('');
  });

  it('shortens a location to what tells it apart', () => {
    expect(shortLocation('repository', '/home/dev/shop/')).toBe('shop');
    expect(shortLocation('repository', 'C:\\work\\shop')).toBe('shop');
    expect(shortLocation('board', 'http://localhost:3000/projects')).toBe('localhost:3000');
    expect(shortLocation('repository', '/')).toBe('/');
  });
});
