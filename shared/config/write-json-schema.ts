import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { environmentConfigSchema } from './environment-config.ts';

/** The JSON Schema that editors check `.vibe-kanban/environment.yaml` with. */
export function environmentJsonSchema(): string {
  const schema = z.toJSONSchema(environmentConfigSchema, { io: 'input' });
  return `${JSON.stringify({ title: 'Vitrine environment', ...schema }, null, 2)}\n`;
}

if (import.meta.main) {
  writeFileSync(new URL('./environment.schema.json', import.meta.url), environmentJsonSchema());
}
