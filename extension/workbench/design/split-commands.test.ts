import { expect, it } from 'vitest';
import { splitCommands } from './split-commands.ts';

it('finds the commands of a sentence', () => {
  expect(splitCommands('Run `vitrine open` for a fresh link.')).toEqual([
    { text: 'Run ', command: false },
    { text: 'vitrine open', command: true },
    { text: ' for a fresh link.', command: false },
  ]);
});

it('leaves a lone backtick and an empty pair as text', () => {
  expect(splitCommands('a ` b')).toEqual([{ text: 'a ` b', command: false }]);
  expect(splitCommands('a `` b')).toEqual([{ text: 'a `` b', command: false }]);
  expect(splitCommands('')).toEqual([]);
});
