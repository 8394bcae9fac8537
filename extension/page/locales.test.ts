import { expect, it } from 'vitest';
import { z } from 'zod';
import german from '../public/_locales/de/messages.json';
import english from '../public/_locales/en/messages.json';

const catalogSchema = z.record(
  z.string(),
  z.object({
    message: z.string().min(1),
    placeholders: z.record(z.string(), z.object({ content: z.string() })).optional(),
  }),
);
/** Longest description that the stores take. */
const LONGEST_DESCRIPTION = 132;

it('says the same in each language: titles of menus, the manifest, what the panel offers', () => {
  const [en, de] = [english, german].map((catalog) => catalogSchema.parse(catalog));
  expect(Object.keys(de ?? {}).toSorted()).toEqual(Object.keys(en ?? {}).toSorted());
  for (const [key, { placeholders }] of Object.entries(en ?? {}))
    expect(de?.[key]?.placeholders, key).toEqual(placeholders);
  for (const catalog of [en, de])
    for (const { message, placeholders = {} } of Object.values(catalog ?? {}))
      expect([...message.matchAll(/\$(\w+)\$/g)].map(([, name]) => name?.toLowerCase())).toEqual(
        Object.keys(placeholders),
      );
});

it('has a description that the stores take', () => {
  for (const { extension_description } of [english, german])
    expect(extension_description.message.length).toBeLessThanOrEqual(LONGEST_DESCRIPTION);
});
