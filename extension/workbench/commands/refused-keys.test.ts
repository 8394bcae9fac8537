import { afterEach, expect, it } from 'vitest';
import { pressedFor, refusalOf } from './refused-keys.ts';
import { keysOf, resetAllKeys, SHORTCUT_NAMES, setKeys } from './shortcuts.ts';

afterEach(resetAllKeys);

it('refuses keys that the browser keeps for its tabs and windows', () => {
  for (const keys of ['Mod+W', 'Mod+T', 'Mod+N', 'Mod+Shift+N', 'Mod+Shift+T', 'Mod+PageDown'])
    expect(refusalOf('console', keys), keys).toEqual({ why: 'browser' });
});

it('refuses keys of the system and those that write signs with AltGr', () => {
  expect(refusalOf('console', 'Alt+F4')).toEqual({ why: 'system' });
  expect(refusalOf('console', 'Meta+K')).toEqual({ why: 'system' });
  expect(refusalOf('console', 'Mod+H', true)).toEqual({ why: 'system' });
  expect(refusalOf('console', 'Mod+H', false)).toBeUndefined();
  expect(refusalOf('console', 'Mod+Alt+Q', false)).toEqual({ why: 'alt-gr' });
  expect(refusalOf('console', 'Mod+Alt+Q', true)).toBeUndefined();
});

it('refuses what edits text and what moves about', () => {
  expect(refusalOf('palette', 'Mod+C')).toEqual({ why: 'editing' });
  expect(refusalOf('palette', 'Alt+ArrowLeft')).toEqual({ why: 'editing' });
  expect(refusalOf('palette', 'Enter')).toEqual({ why: 'moving' });
  expect(refusalOf('palette', 'Shift+F10')).toBeUndefined();
});

it('refuses what is text in the code for what is done there', () => {
  expect(refusalOf('save', 'S')).toEqual({ why: 'text' });
  expect(refusalOf('save', 'F2')).toBeUndefined();
  expect(refusalOf('help', 'H')).toBeUndefined();
});

it('names the shortcut that has the keys already', () => {
  setKeys('network', 'Alt+N');
  expect(refusalOf('console', 'Alt+N')).toEqual({ why: 'taken', by: 'network' });
  expect(refusalOf('network', 'Alt+N')).toBeUndefined();
  expect(refusalOf('console', 'Mod+K')).toEqual({ why: 'taken', by: 'palette' });
});

it('refuses no shortcut its own first keys', () => {
  for (const name of SHORTCUT_NAMES) expect(refusalOf(name, keysOf(name) ?? ''), name).toBeUndefined();
});

it('refuses Alt with a key where it writes a sign that code needs', () => {
  const key = { ctrlKey: false, metaKey: false, altKey: true, shiftKey: false };
  expect(pressedFor('help', { ...key, key: '{', code: 'Digit8' }, true)?.refusal).toEqual({
    why: 'sign',
    sign: '{',
  });
  expect(pressedFor('help', { ...key, key: '8', code: 'Digit8' })).toEqual({
    keys: 'Alt+8',
    refusal: undefined,
  });
  expect(pressedFor('help', { ...key, key: 'Alt', code: 'AltLeft' })).toBeUndefined();
});
