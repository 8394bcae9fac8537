import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { watchedAnswer } from './worker-script.ts';

const SCRIPT = ['self.one = 1;\n', 'self.two = 2;\n', 'self.three = 3;\n'];
const answer = () => Readable.from(SCRIPT.map((text) => Buffer.from(text)));

it('adds to a worker’s script and leaves its lines where they are', async () => {
  const lines = String(await watchedAnswer(answer())).split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^try\{importScripts\(.+self\.one = 1;$/);
});

it('leaves a larger script whole in the answer, whenever it is found to be larger', async () => {
  for (const maxBytes of [0, 20, SCRIPT.join('').length - 1]) {
    const large = answer();
    expect(await watchedAnswer(large, maxBytes)).toBeNull();
    expect(String(await buffer(large))).toBe(SCRIPT.join(''));
  }
});
