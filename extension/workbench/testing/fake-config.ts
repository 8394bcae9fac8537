import {
  type ConfigDraft,
  type ConfigFile,
  draftConfigSchema,
  writeConfigSchema,
} from '#shared/api/config.ts';
import { VitrineError } from '#shared/errors.ts';
import { editableDefaults, editableValues, editConfig } from '../../../companion/config/edit-config.ts';

const PATH = '.vibe-kanban/environment.yaml';

/** The one environment.yaml of the fake companion, in memory; changed by the companion's own code. */
export class FakeConfig {
  text = `# Measured on the smallest machine of the team
isolation:
  backend:
    command: npm run server   # Fastify
    resource_limits:
      memory_mb: 256
`;
  version = 1;

  answer(method: string, action: string | undefined, body: unknown): ConfigFile | ConfigDraft {
    const version = String(this.version);
    if (action === 'draft') {
      const { edits } = draftConfigSchema.parse(body);
      return { path: PATH, version, before: this.text, after: editConfig(this.text, edits) };
    }
    if (method === 'PUT') {
      const change = writeConfigSchema.parse(body);
      if (change.version !== version)
        throw new VitrineError({
          code: 'SOURCE_CHANGED',
          message: `${PATH} was changed by somebody else meanwhile.`,
          remedy: 'Look at the changes again. Nothing was written.',
          status: 409,
        });
      this.text = editConfig(this.text, change.edits);
      this.version += 1;
    }
    const values = editableValues(this.text);
    return { path: PATH, version: String(this.version), values, defaults: editableDefaults() };
  }
}
