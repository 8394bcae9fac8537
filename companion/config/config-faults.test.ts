import { expect, it } from 'vitest';
import { toVitrineError } from '#shared/errors.ts';
import { translate } from '#shared/language/translate.ts';
import { parseConfig } from './read-config.ts';

function faultOf(yaml: string): string {
  try {
    parseConfig(yaml);
  } catch (error) {
    return translate(toVitrineError(error).message, 'de');
  }
  throw new Error('Expected a fault.');
}

it.each([
  ['isolation: 5', /erwartet ist object, angegeben ist number/],
  ['isolation:\n  provider: sand', /Zeile 2: isolation\.provider: erwartet ist eines von "sandpack"\|/],
  ['isolation:\n  colour: red', /Zeile 2: unbekannter Schlüssel isolation\.colour\./],
  ['isolation:\n  backend:\n    port: 0', /zu klein, nötig ist >=1 \(number\)/],
  ['isolation:\n  backend:\n    port: 70000', /zu groß, erlaubt ist <=65535 \(number\)/],
  ['isolation:\n  backend:\n    image: ""', /zu kurz, nötig sind >=1 Zeichen \(string\)/],
  ['isolation:\n  backend:\n    health:\n      path: up', /muss mit „\/“ beginnen/],
  [
    'isolation:\n  backend:\n    env:\n      PORT: 8080',
    /Zeile 4: isolation\.backend\.env\.PORT: erwartet ist Text: Setze den Wert in Anführungszeichen/,
  ],
  [
    'isolation:\n  backend:\n    health:\n      timeout: soon',
    /erwartet ist eine Dauer wie 30m, 90s, 500ms oder 2h/,
  ],
])('says in German what is wrong in %j', (yaml, said) => {
  expect(faultOf(yaml)).toMatch(said);
  expect(faultOf(yaml)).toMatch(/^\.vibe-kanban\/environment\.yaml ist nicht gültig: Zeile \d/);
  expect(faultOf(yaml)).not.toMatch(/expected|must|line/i);
});
