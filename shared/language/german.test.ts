import { describe, expect, it } from 'vitest';
import { access } from './german/access.ts';
import { configFaults } from './german/config-faults.ts';
import { databases } from './german/databases.ts';
import { detection } from './german/detection.ts';
import { environments } from './german/environments.ts';
import { frontend } from './german/frontend.ts';
import { pageLines } from './german/page-lines.ts';
import { preview } from './german/preview.ts';
import { sandbox } from './german/sandbox.ts';
import { worktrees } from './german/worktrees.ts';
import { german } from './german.ts';
import { fillTemplate, shapeOf } from './template.ts';
import { readSources } from './testing/sources.ts';
import { spokenIn, writtenIn } from './testing/spoken.ts';
import { makeTranslator } from './translator.ts';

const sources = readSources();
const spoken = spokenIn(sources);
const written = writtenIn(sources);
const entries = Object.entries(german);
const placeholdersOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted();

/** A sentence that begins with a name is written with a small letter in the sources, and with a capital in places. */
const lowered = (shape: string) => shape.charAt(0).toLowerCase() + shape.slice(1);

describe('German of what the companion says', () => {
  it('has every sentence that the sources say to people', () => {
    const known = new Set(entries.map(([english]) => shapeOf(english)));
    expect([...spoken].filter((shape) => !known.has(shape)).toSorted()).toEqual([]);
  });

  it('has no sentence that the sources do not say any more', () => {
    const said = new Set([...spoken, ...written, ...Object.keys(configFaults).map(shapeOf)].map(lowered));
    expect(
      entries.map(([english]) => english).filter((english) => !said.has(lowered(shapeOf(english)))),
    ).toEqual([]);
  });

  it('has each sentence once', () => {
    const all = [
      access,
      configFaults,
      databases,
      detection,
      environments,
      frontend,
      pageLines,
      preview,
      sandbox,
      worktrees,
    ];
    const shapes = all.flatMap((each) => Object.keys(each)).map(shapeOf);
    expect(shapes.filter((shape, index) => shapes.indexOf(shape) !== index)).toEqual([]);
  });

  it('has the same values in both languages, and no empty text', () => {
    for (const [english, translated] of entries) {
      expect(placeholdersOf(translated), english).toEqual(placeholdersOf(english));
      expect(new Set(placeholdersOf(english)).size, english).toBe(placeholdersOf(english).length);
      expect(translated.trim(), english).toBe(translated);
      expect(translated, english).not.toBe('');
    }
  });

  it('takes no sentence for another', () => {
    const translate = makeTranslator(german);
    for (const [english, translated] of entries) {
      const values = Object.fromEntries(
        placeholdersOf(english).map((name, index) => [name.slice(1, -1), `value${index}`]),
      );
      expect(translate(fillTemplate(english, values)), english).toBe(fillTemplate(translated, values));
    }
  });

  it('claims only what has words enough to be known by', () => {
    const general = entries.filter(([english, translated]) => {
      const literal = english.replace(/\{\w+\}/g, '');
      return literal.replace(/[^\p{L}]/gu, '').length < 4 && literal !== translated.replace(/\{\w+\}/g, '');
    });
    expect(general.map(([english]) => english)).toEqual([]);
  });
});
