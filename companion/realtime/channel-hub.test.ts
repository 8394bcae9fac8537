import { expect, test } from 'vitest';
import type { ChannelEvent, ChannelMessage } from '#shared/realtime/channels.ts';
import { ChannelHub } from './channel-hub.ts';

const viewers = (count: number): ChannelEvent => ({
  channel: 'collaboration',
  data: { type: 'presence', viewers: count },
});
const collect = () => {
  const messages: ChannelMessage[] = [];
  return { messages, send: (_: string, message: ChannelMessage) => void messages.push(message) };
};

test('sequence numbers rise by one over all channels', () => {
  const hub = new ChannelHub();
  const subscriber = collect();
  hub.subscribe(subscriber);
  hub.publish(viewers(1));
  hub.publish({ channel: 'state', data: { type: 'file_change', paths: ['a'] } });
  const [first, second] = subscriber.messages;
  expect(second?.seq).toBe((first?.seq ?? 0) + 1);
});

test('a subscriber that was away gets exactly what it missed', () => {
  const hub = new ChannelHub();
  const before = collect();
  const leave = hub.subscribe(before);
  hub.publish(viewers(1));
  leave();
  hub.publish(viewers(2));
  hub.publish(viewers(3));
  const after = collect();
  hub.subscribe(after, before.messages.at(-1)?.seq);
  expect(after.messages.map((message) => message.data)).toEqual([viewers(2).data, viewers(3).data]);
});

const line = (text: string): ChannelEvent => ({
  channel: 'logs',
  data: { type: 'console', entry: { at: 0, source: 'server', level: 'log', text } },
});

test('a newcomer gets the log and no old states', () => {
  const hub = new ChannelHub();
  hub.publish(viewers(1));
  hub.publish(line('hello'));
  const newcomer = collect();
  hub.subscribe(newcomer);
  expect(newcomer.messages.map((message) => message.data)).toEqual([line('hello').data]);
});

test('a subscriber that was away too long is told to forget, then gets the log that is kept', () => {
  const hub = new ChannelHub();
  const before = collect();
  const leave = hub.subscribe(before);
  hub.publish(line('first'));
  leave();
  for (let i = 0; i < 6_500; i++) hub.publish(line(String(i)));
  const after = collect();
  hub.subscribe(after, before.messages.at(-1)?.seq);
  expect(after.messages[0]?.data).toEqual({ type: 'reset' });
  expect(after.messages).toHaveLength(6_001);
});

test('a number from another life of the companion counts as a gap', () => {
  const hub = new ChannelHub();
  hub.publish(line('first'));
  const after = collect();
  hub.subscribe(after, Number.MAX_SAFE_INTEGER);
  expect(after.messages.map((message) => message.data.type)).toEqual(['reset', 'console']);
});
