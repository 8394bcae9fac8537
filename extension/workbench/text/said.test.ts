import { afterEach, expect, it } from 'vitest';
import { languageChoice } from './language.ts';
import { said } from './said.ts';

afterEach(() => {
  languageChoice.value = 'system';
});

it('says what the companion said in the language that was chosen, and anew in another', () => {
  const words =
    'There is no environment a1. It may have been terminated. List the environments, or start the preview again.';
  expect(said(words)).toBe(words);
  languageChoice.value = 'de';
  expect(said(words)).toBe(
    'Es gibt keine Umgebung a1. Vielleicht wurde sie beendet. Lass dir die Umgebungen auflisten, oder starte die Vorschau neu.',
  );
  languageChoice.value = 'en';
  expect(said(words)).toBe(words);
});

it('leaves what the user’s tools say', () => {
  languageChoice.value = 'de';
  const words = 'Failed to resolve import "./cart" from "src/app.tsx". Does the file exist?';
  expect(said(words)).toBe(words);
});
