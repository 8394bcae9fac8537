// @vitest-environment happy-dom
import { expect, describe as group, it, vi } from 'vitest';
import { consoleValueSchema } from '#shared/realtime/console-value.ts';
import { writeValue } from '#shared/realtime/write-value.ts';
import { EVALUATED, lookAt, PRINTED } from './look-at-value.ts';

const written = (value: unknown) => writeValue(lookAt(value, PRINTED));

group('lookAt', () => {
  it('runs nothing of the page: getters, toString, toJSON, overridden methods', () => {
    const ran = vi.fn(() => 'ran');
    class Hostile extends Map<unknown, unknown> {
      override forEach = ran;
      get secret() {
        return ran();
      }
      override get size() {
        return Number(ran());
      }
    }
    const values = [
      Object.defineProperty({ toString: ran, toJSON: ran }, 'boom', { get: ran, enumerable: true }),
      new Hostile([[{ toString: ran }, 1]]),
      Object.assign(new Date(0), { toISOString: ran }),
      Object.defineProperty(/x/g, 'source', { get: ran }),
      Object.defineProperty(() => 0, 'name', { get: ran }),
      Object.defineProperty(new Error('e'), 'message', { get: ran }),
    ];
    expect(values.map(written)).toEqual([
      '{ toString: [Function mockConstructor], toJSON: [Function mockConstructor], boom: [Getter] }'.replaceAll(
        'mockConstructor',
        ran.name,
      ),
      'Hostile(1) {[Object] => 1}',
      '1970-01-01T00:00:00.000Z',
      '/x/g',
      '[Function anonymous]',
      'Error',
    ]);
    expect(ran).not.toHaveBeenCalled();
  });

  it('names classes, errors, elements and what it cannot read', () => {
    class Cart {
      items = 2;
    }
    const button = document.createElement('button');
    button.id = 'save';
    button.className = 'primary big';
    button.innerHTML = '<b>secret</b>';
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    expect(written(new Cart())).toBe('Cart { items: 2 }');
    expect(written(Object.create(null))).toBe('{}');
    expect(written(button)).toBe('<button#save.primary.big>');
    expect(written(new TypeError('no', { cause: 'why' }))).toBe('TypeError: no { cause: "why" }');
    expect(written(class Shop {})).toBe('[class Shop]');
    expect(written(new Uint8Array([1, 2]))).toBe('[1, 2]');
    expect(written(revoked.proxy)).toMatch(/^\[.+revoked.*\]$/);
  });

  it('keeps to its budgets, which the schema lets through', () => {
    const wide = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`k${i}`, { a: { b: [1, 2, 3] } }]),
    );
    const deep: Record<string, unknown> = {};
    let at = deep;
    for (let i = 0; i < 10_000; i += 1) {
      const next = {};
      at.next = next;
      at = next;
    }
    const long = Array.from({ length: 300 }, () => 'x'.repeat(100_000));
    for (const limits of [PRINTED, EVALUATED]) {
      for (const value of [wide, deep, long, ['x'.repeat(1_000_000)]]) {
        const seen = lookAt(value, limits);
        expect(consoleValueSchema.safeParse(seen).success).toBe(true);
        expect(JSON.stringify(seen).length).toBeLessThan(limits.characters + limits.values * 100);
      }
    }
    expect(lookAt('x'.repeat(20_000), PRINTED)).toMatchObject({ size: 20_000 });
  });

  it('cannot be sent deeper than a reader follows', () => {
    let value: object = { type: 'number', text: '1' };
    for (let i = 0; i < 50_000; i += 1) value = { type: 'object', text: '', entries: [{ key: 'a', value }] };
    const parsed = consoleValueSchema.parse(value);
    expect(JSON.stringify(parsed).length).toBeLessThan(500);
  });
});
