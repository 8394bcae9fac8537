import { expect, test } from 'vitest';
import { mergeCsp } from './csp.ts';

test('what the provider needs is added to the project’s policy', () => {
  expect(
    mergeCsp(
      "default-src 'self'; script-src 'self' 'unsafe-inline'",
      { 'script-src': ["'unsafe-eval'"], 'img-src': ['data:'] },
      ["'self'"],
    ),
  ).toBe(
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; img-src 'self' data:; frame-ancestors 'self'",
  );
});

test("'none' gives way to what is needed, and a directive nothing restricts stays open", () => {
  expect(mergeCsp("script-src 'none'", { 'script-src': ["'self'"], 'img-src': ['data:'] }, ["'none'"])).toBe(
    "script-src 'self'; frame-ancestors 'none'",
  );
});

test('a project cannot widen who may frame the preview', () => {
  expect(mergeCsp('frame-ancestors *', {}, ["'self'"])).toBe("frame-ancestors 'self'");
});
