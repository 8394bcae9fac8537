import { computed, signal } from '@preact/signals';
import { expect, it } from 'vitest';
import { rememberedPerWidth } from './per-width.ts';
import type { WidthClass } from './width-class.ts';

it('keeps what was arranged at one width apart from another, and follows the width', () => {
  const width = signal<WidthClass>('wide');
  const share = rememberedPerWidth<number>(
    'test.share',
    (_stored, each) => (each === 'narrow' ? 0.5 : 0.3),
    width,
  );
  const followed = computed(() => share.value);
  share.value = 0.4;
  expect(followed.value).toBe(0.4);
  width.value = 'narrow';
  expect(followed.value).toBe(0.5);
  share.value = 0.6;
  width.value = 'wide';
  expect(followed.value).toBe(0.4);
  expect(share.peek()).toBe(0.4);
});
