import { expect, test } from 'vitest';
import { InputHistory } from './input-history.ts';

test('goes back to what was evaluated, and forth to what was being typed', () => {
  const history = new InputHistory();
  expect(history.step(-1, 'x')).toBeUndefined();
  history.add('one');
  history.add('two');
  history.add('two');
  expect(history.step(-1, 'half')).toBe('two');
  expect(history.step(-1, 'two')).toBe('one');
  expect(history.step(-1, 'one')).toBeUndefined();
  expect(history.step(1, 'one')).toBe('two');
  expect(history.step(1, 'two')).toBe('half');
  expect(history.step(1, 'half')).toBeUndefined();
});

test('keeps the last hundred lines', () => {
  const history = new InputHistory();
  for (let line = 0; line < 150; line += 1) history.add(String(line));
  let oldest = '';
  for (let line = history.step(-1, ''); line !== undefined; line = history.step(-1, line)) oldest = line;
  expect(oldest).toBe('50');
});
