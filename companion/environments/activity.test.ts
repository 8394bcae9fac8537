import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { Activity } from './activity.ts';

test('what is held open counts as use until the last of it closes, and its end is the last use', () => {
  const record = { lastUsedAt: 0 };
  const activity = new Activity(record);
  const [first, second] = [new EventEmitter(), new EventEmitter()];
  activity.hold(first);
  activity.hold(second);
  first.emit('close');
  expect(activity.isOpen).toBe(true);
  record.lastUsedAt = 0;
  second.emit('close');
  expect(activity.isOpen).toBe(false);
  expect(record.lastUsedAt).toBeGreaterThan(0);
});
