import { expect, test } from 'vitest';
import { Tickets } from './tickets.ts';

test('attack 13: a ticket works once', () => {
  const tickets = new Tickets();
  const ticket = tickets.issue('red');
  expect(tickets.redeem(ticket, 'red')).toBe(true);
  expect(tickets.redeem(ticket, 'red')).toBe(false);
});

test('a ticket for one environment opens no other, and is not lost by the attempt', () => {
  const tickets = new Tickets();
  const ticket = tickets.issue('red');
  expect(tickets.redeem(ticket, 'blue')).toBe(false);
  expect(tickets.redeem(ticket, 'red')).toBe(true);
});

test('a ticket expires after a minute', () => {
  let now = 0;
  const tickets = new Tickets(() => now);
  const ticket = tickets.issue('red');
  now = 60_001;
  expect(tickets.redeem(ticket, 'red')).toBe(false);
});

test('tickets that nobody redeems do not pile up', () => {
  const tickets = new Tickets();
  const first = tickets.issue('red');
  for (let i = 0; i < 1_000; i++) tickets.issue('red');
  expect(tickets.redeem(first, 'red')).toBe(false);
});
