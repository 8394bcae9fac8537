import { describe, expect, it } from 'vitest';
import type { Target } from '#shared/extension/target.ts';
import { targetFromQuery, targetToQuery } from './target-query.ts';

const targets: Target[] = [
  { kind: 'none' },
  { kind: 'environment', environmentId: 'warm-cards-1' },
  { kind: 'task', boardUrl: 'http://localhost:3000', taskId: 'abc' },
  { kind: 'task', boardUrl: 'https://board.example', taskId: 'abc', title: 'Ünicode & “quotes” <b>' },
];

describe('a target in an address', () => {
  it.each(targets)('comes back as it was: $kind', (target) => {
    expect(targetFromQuery(targetToQuery(target))).toEqual(target);
  });

  it.each([
    '?task=..%2F..&board=http://localhost',
    '?task=a&board=javascript:1',
    '?environment=A.b',
    '?task=a',
    '?x=1',
  ])('is none where the address names it badly: %s', (query) => {
    expect(targetFromQuery(query)).toEqual({ kind: 'none' });
  });
});
