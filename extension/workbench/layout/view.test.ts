import { expect, it } from 'vitest';
import { ViewStore } from './view.ts';

it('keeps the other side when one side of a comparison goes', () => {
  const view = new ViewStore();
  view.showEnvironment('cart');
  view.compareWith('login');
  expect(view.current.value).toEqual({ kind: 'preview', environmentId: 'cart', compareId: 'login' });
  view.leave('cart');
  expect(view.current.value).toEqual({ kind: 'preview', environmentId: 'login' });
  view.leave('login');
  expect(view.current.value).toEqual({ kind: 'attempts' });
});

it('never compares an environment with itself', () => {
  const view = new ViewStore();
  view.compareWith('cart');
  view.compareWith('cart');
  expect(view.current.value).toEqual({ kind: 'preview', environmentId: 'cart' });
});

it('is not moved by an environment that is not shown', () => {
  const view = new ViewStore();
  view.showEnvironment('cart');
  view.leave('login');
  expect(view.current.value).toEqual({ kind: 'preview', environmentId: 'cart' });
});
