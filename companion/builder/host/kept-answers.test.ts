import { describe, expect, it } from 'vitest';
import { type Answer, KeptAnswers } from './kept-answers.ts';

const answer = (etag: string, bytes = 1): Answer => ({ headers: {}, body: Buffer.alloc(bytes), etag });

describe('kept answers', () => {
  it('hold until something changes, and again when that is confirmed', () => {
    const kept = new KeptAnswers();
    kept.keep('/a', answer('1'), kept.round);
    kept.keep('/b', answer('2'), kept.round);
    expect(kept.find('/a')?.etag).toBe('1');
    kept.doubt();
    expect(kept.find('/a')).toBeNull();
    expect(kept.tagsOf(['/a', '/b', '/c'])).toEqual([
      { url: '/a', etag: '1' },
      { url: '/b', etag: '2' },
    ]);
    kept.confirm(['/a', '/b'], new Set(['/a']), kept.round);
    expect(kept.find('/a')?.etag).toBe('1');
    expect(kept.tagsOf(['/b'])).toEqual([]);
  });

  it('are not kept, and not confirmed, where something changed since they were asked for', () => {
    const kept = new KeptAnswers();
    kept.keep('/a', answer('1'), kept.round);
    const before = kept.round;
    kept.doubt();
    kept.keep('/b', answer('2'), before);
    expect(kept.find('/b')).toBeNull();
    kept.confirm(['/a'], new Set(['/a']), before);
    expect(kept.find('/a')).toBeNull();
  });

  it('make room: the oldest go first, and a huge one is not kept', () => {
    const kept = new KeptAnswers();
    const largest = 4 * 1024 * 1024;
    for (const url of ['/1', '/2', '/3', '/4', '/5'])
      kept.keep(url, answer(url, largest - 2 * 1024), kept.round);
    expect(kept.find('/1')).toBeNull();
    expect(kept.find('/2')).not.toBeNull();
    kept.keep('/huge', answer('h', largest + 1), kept.round);
    expect(kept.find('/huge')).toBeNull();
    expect(kept.find('/5')).not.toBeNull();
  });
});
