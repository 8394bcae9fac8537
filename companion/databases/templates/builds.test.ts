import { expect, test } from 'vitest';
import { Builds } from './builds.ts';

const none = async () => null;
const never = new AbortController().signal;

test('those that wait get what one builds', async () => {
  const builds = new Builds<string>();
  const built = Promise.withResolvers<string>();
  let count = 0;
  const build = () => {
    count += 1;
    return built.promise;
  };
  const all = [1, 2, 3].map(() => builds.get('key', never, none, build));
  built.resolve('template');
  expect(await Promise.all(all)).toEqual(Array(3).fill({ template: 'template', built: true }));
  expect(count).toBe(1);
});

test('one that waits takes over from a builder that was aborted, when that has cleaned up', async () => {
  const builds = new Builds<string>();
  const abort = new AbortController();
  const cleanedUp = Promise.withResolvers<string>();
  const order: string[] = [];
  const first = builds.get('key', abort.signal, none, () => cleanedUp.promise);
  const second = builds.get('key', never, none, async () => {
    order.push('second builds');
    return 'template';
  });
  abort.abort(new Error('stopped'));
  await expect(first).rejects.toThrow('stopped');
  order.push('first is told');
  cleanedUp.reject(new Error('interrupted'));
  expect(await second).toEqual({ template: 'template', built: true });
  expect(order).toEqual(['first is told', 'second builds']);
});

test('one that waits is aborted without ending the build', async () => {
  const builds = new Builds<string>();
  const abort = new AbortController();
  const built = Promise.withResolvers<string>();
  const first = builds.get('key', never, none, () => built.promise);
  const second = builds.get('key', abort.signal, none, () => built.promise);
  abort.abort(new Error('stopped'));
  await expect(second).rejects.toThrow('stopped');
  built.resolve('template');
  expect((await first).template).toBe('template');
});

test('a failure is told to all that wait, and not kept', async () => {
  const builds = new Builds<string>();
  const fail = async () => {
    throw new Error('broken');
  };
  const both = [1, 2].map(() => builds.get('key', never, none, fail));
  for (const each of both) await expect(each).rejects.toThrow('broken');
  expect(await builds.get('key', never, none, async () => 'template')).toMatchObject({ built: true });
});

test('what is found is not built', async () => {
  const found = async () => 'found';
  expect(await new Builds<string>().get('key', never, found, found)).toEqual({
    template: 'found',
    built: false,
  });
});
