import type { Evaluation } from '#shared/api/evaluate.ts';
import type { ConsoleValue } from '#shared/realtime/console-value.ts';
import { writeValue } from '#shared/realtime/write-value.ts';
import type { FakeCompanion } from './fake-companion.ts';
import { makeEntry } from './sample-data.ts';

const string = (text: string): ConsoleValue => ({ type: 'string', text });
const number = (value: number): ConsoleValue => ({ type: 'number', text: String(value) });

/** An object of plain values. */
function record(text: string, values: Record<string, ConsoleValue>): ConsoleValue {
  const entries = Object.entries(values).map(([key, value]) => ({ key, value }));
  return { type: 'object', text, size: entries.length, entries };
}

function list(values: ConsoleValue[], size = values.length): ConsoleValue {
  return {
    type: 'array',
    text: 'Array',
    size,
    entries: values.map((value, index) => ({ key: String(index), value })),
  };
}

export const sampleEvaluation = (): Evaluation => ({
  thrown: false,
  value: list([number(12.5), number(4.25), { type: 'undefined', text: 'undefined' }]),
});

/** Objects as pages print them, hostile ones among them. */
export function printValues(fake: FakeCompanion, id: string): void {
  const item = (name: string, price: number) =>
    record('Item', { name: string(name), price: number(price), total: { type: 'getter', text: '[Getter]' } });
  const cart = record('Cart', {
    items: list([item('Coffee beans', 12.5), item('Filter papers', 4.25)], 140),
    owner: { type: 'null', text: 'null' },
    self: { type: 'cycle', text: '[Circular]' },
    prices: {
      type: 'map',
      text: 'Map(1)',
      size: 1,
      entries: [{ key: '"<b>beans</b> \u202etxet"', value: number(12.5) }],
    },
    button: { type: 'other', text: '<button#save.primary>' },
    render: { type: 'function', text: '[Function render]' },
  });
  for (const values of [
    [string('the cart is'), cart],
    [string('order'), number(7), string('placed by'), record('Object', { name: string('Ann') })],
    [record('<img src=x onerror=alert(1)>', { '<script>alert(1)</script>': string('\u202ex'.repeat(400)) })],
  ]) {
    const text = values.map((value) => (value.type === 'string' ? value.text : writeValue(value))).join(' ');
    const place = 'src/cart/cart-badge.tsx:22:11';
    const entry = makeEntry({ source: 'browser', service: undefined, level: 'log', text, values, place });
    fake.send(id, { channel: 'logs', data: { type: 'console', entry } });
  }
}
