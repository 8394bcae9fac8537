// What the schemas in a preview page use of zod: its `z` alone would bring all of it, 400 kB, into every page.
import { boolean, discriminatedUnion, literal, object, string, enum as zodEnum } from 'zod';

export const z = { boolean, discriminatedUnion, enum: zodEnum, literal, object, string };
