import { expect, it } from 'vitest';
import { widthClassOf } from './width-class.ts';

it('tells a panel, half a screen and a screen apart', () => {
  expect([360, 619, 620, 1_199, 1_200, 3_840].map(widthClassOf)).toEqual([
    'narrow',
    'narrow',
    'medium',
    'medium',
    'wide',
    'wide',
  ]);
});
