import { z } from 'zod';

/** How deep a reported value goes; the page stops there, and what goes deeper is not taken from it. */
export const MAX_VALUE_DEPTH = 6;
/** Entries of one object. */
const MAX_ENTRIES = 200;
const MAX_TEXT = 16_500;
const MAX_KEY = 300;
/** Arguments of one console call that are told as values. */
const MAX_VALUES = 20;

const valueTypeSchema = z.enum([
  'string',
  'number',
  'bigint',
  'boolean',
  'symbol',
  'null',
  'undefined',
  'function',
  /** A property that code answers for; that code was not run. */
  'getter',
  'object',
  'array',
  'map',
  'set',
  'error',
  /** A date, a regular expression, an element: one line says what it is. */
  'other',
  /** An object that it is itself a part of. */
  'cycle',
]);

/** A value of the page as it was when it was printed: bounded, and without a way back to the page. */
export interface ConsoleValue {
  type: z.infer<typeof valueTypeSchema>;
  /** The value itself, or the class of an object. */
  text: string;
  /** Characters, elements or entries that it really has. */
  size?: number | undefined;
  /** Left out where it was too deep to look. */
  entries?: { key: string; value: ConsoleValue }[] | undefined;
}

const leafSchema = z.object({
  type: valueTypeSchema,
  text: z.string().max(MAX_TEXT),
  size: z.int().min(0).optional(),
});

/** One schema a level, so that no page can send something deeper than a reader can follow. */
function schemaOfDepth(depth: number): z.ZodType<ConsoleValue> {
  if (depth === 0) return leafSchema;
  const entry = z.object({ key: z.string().max(MAX_KEY), value: schemaOfDepth(depth - 1) });
  return leafSchema.extend({ entries: z.array(entry).max(MAX_ENTRIES).optional() });
}

export const consoleValueSchema = schemaOfDepth(MAX_VALUE_DEPTH);
export const consoleValuesSchema = z.array(consoleValueSchema).max(MAX_VALUES);
