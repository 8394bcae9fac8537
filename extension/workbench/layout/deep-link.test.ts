import { describe, expect, it } from 'vitest';
import { readDeepLink, writeDeepLink } from './deep-link.ts';

const read = (query: string) => readDeepLink(new URLSearchParams(query));

describe('a deep link', () => {
  it('comes back as it was', () => {
    const link = {
      path: '/cart?x=1&y=2#z',
      device: { width: 400, height: 700 },
      dock: ['console', 'network'] as const,
      editor: true,
    };
    expect(readDeepLink(writeDeepLink(link))).toEqual(link);
  });

  it('says nothing of panels it does not name, and closes them where it names others', () => {
    expect(read('')).toEqual({ path: undefined, device: undefined, dock: undefined, editor: undefined });
    expect(read('panel=editor')).toMatchObject({ dock: [], editor: true });
    expect(read('panel=console')).toMatchObject({ dock: ['console'], editor: false });
  });

  it('takes the names of the specification for panels', () => {
    expect(read('showConsole&showNetwork').dock).toEqual(['console', 'network']);
    expect(read('showEditor&showConsole=true')).toMatchObject({ dock: ['console'], editor: true });
    expect(read('showEditor=false&showNetwork=true')).toMatchObject({ dock: ['network'], editor: false });
    expect(read('showConsole=false')).toMatchObject({ dock: [], editor: false });
  });

  it('ignores what is no route of the app and no device', () => {
    expect(read('path=https://evil.example/&device=javascript:1&panel=<b>')).toEqual({
      path: undefined,
      device: undefined,
      dock: [],
      editor: false,
    });
    expect(read(`path=/${'x'.repeat(3_000)}`).path).toBeUndefined();
  });
});
