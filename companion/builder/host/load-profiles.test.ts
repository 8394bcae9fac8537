import { describe, expect, it } from 'vitest';
import { LoadProfiles } from './load-profiles.ts';

function load(profiles: LoadProfiles, path: string, urls: string[]): string[] {
  const before = [...profiles.begin(path)];
  for (const url of urls) profiles.add(url);
  return before;
}

describe('load profiles', () => {
  it('tell what the last page of a path fetched until it showed something', () => {
    const profiles = new LoadProfiles();
    expect(load(profiles, '/', ['/a', '/b'])).toEqual([]);
    profiles.end();
    profiles.add('/later');
    expect(load(profiles, '/other', ['/c'])).toEqual([]);
    profiles.end();
    expect(load(profiles, '/', ['/a'])).toEqual(['/a', '/b']);
    profiles.end();
    expect(load(profiles, '/', [])).toEqual(['/a']);
  });

  it('keep what is known of a page when the next one is left before it got as far', () => {
    const profiles = new LoadProfiles();
    load(profiles, '/', ['/a', '/b']);
    expect(load(profiles, '/', ['/a'])).toEqual(['/a', '/b']);
    expect(load(profiles, '/', [])).toEqual(['/a', '/b']);
  });

  it('forget the path that was loaded longest ago', () => {
    const profiles = new LoadProfiles();
    for (let index = 0; index <= 20; index++) {
      load(profiles, `/${index}`, ['/a']);
      profiles.end();
    }
    expect(load(profiles, '/0', [])).toEqual([]);
    expect(load(profiles, '/1', [])).toEqual(['/a']);
  });
});
