import { expect, test } from 'vitest';
import { StartTurns } from './start-turns.ts';

const never = new AbortController().signal;

test('no more than the limit go on at once, in the order they came', async () => {
  const turns = new StartTurns(2);
  const order: string[] = [];
  const first = await turns.take(never);
  await turns.take(never);
  const third = turns.take(never).then((back) => {
    order.push('third');
    return back;
  });
  const fourth = turns.take(never).then(() => order.push('fourth'));
  first();
  first(); // a second time changes nothing
  const back = await third;
  expect(order).toEqual(['third']);
  back();
  await fourth;
  expect(order).toEqual(['third', 'fourth']);
});

test('who stops waiting takes no turn from the others', async () => {
  const turns = new StartTurns(1);
  const back = await turns.take(never);
  const leaving = new AbortController();
  const left = turns.take(leaving.signal);
  const next = turns.take(never);
  leaving.abort(new Error('stopped'));
  await expect(left).rejects.toThrow('stopped');
  back();
  (await next)();
  (await turns.take(never))();
});

test('a start that fails gives its turn back', async () => {
  const turns = new StartTurns(1);
  await expect(turns.run(() => Promise.reject(new Error('no sandbox')), never)).rejects.toThrow('no sandbox');
  await turns.take(never);
});

test('a start whose wait ends runs at once, as it knows that it is to end', async () => {
  const turns = new StartTurns(1);
  await turns.take(never);
  const ending = new AbortController();
  let ran = false;
  const start = async () => {
    ran = true;
  };
  const running = turns.run(start, ending.signal);
  expect(ran).toBe(false);
  ending.abort();
  await running;
  expect(ran).toBe(true);
});
