import { expect, it } from 'vitest';
import { scriptsIn } from './html-scripts.ts';

it('finds the scripts of a page, whatever their letters', () => {
  const html =
    '<p>a</p><script>one()</script><SCRIPT type=module src="/b.js"></SCRIPT ><scripted></scripted>';
  expect(scriptsIn(html)).toEqual([
    { type: '', source: undefined, text: 'one()' },
    { type: 'module', source: '/b.js', text: '' },
  ]);
});

it('is done at once with pages that never end what they begin', () => {
  const many = 1_000_000;
  expect(scriptsIn('<script>'.repeat(many))).toEqual([]);
  expect(scriptsIn('<script '.repeat(many))).toEqual([]);
  expect(scriptsIn(`${'<script></script>'.repeat(many)}`)).toHaveLength(300);
});
