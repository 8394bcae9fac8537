import { toVitrineError, VitrineError } from '#shared/errors.ts';
import type { CommandEnvironment, DatabaseSpec } from '../database.ts';

/** Migrations of large projects take minutes; one that asks a question waits for ever. */
const COMMAND_DEADLINE_MS = 10 * 60_000;

/** Whether the project's own commands make the template. */
export const hasCommands = ({ template }: Pick<DatabaseSpec, 'template'>): boolean =>
  template.migrate !== undefined || template.seed !== undefined;

/** Runs the project's migrate and seed in the environment's pod. Throws DATABASE_TEMPLATE_FAILED. */
export async function runTemplateCommands(
  spec: DatabaseSpec,
  env: CommandEnvironment,
  signal: AbortSignal,
): Promise<void> {
  for (const step of ['migrate', 'seed'] as const) {
    const command = spec.template[step];
    if (command === undefined) continue;
    const deadline = AbortSignal.timeout(COMMAND_DEADLINE_MS);
    try {
      await spec.runCommand(command, env, AbortSignal.any([signal, deadline]));
    } catch (error) {
      signal.throwIfAborted();
      const why = deadline.aborted ? 'It did not end within ten minutes.' : toVitrineError(error).message;
      throw new VitrineError({
        code: 'DATABASE_TEMPLATE_FAILED',
        message: `The database template could not be made: template.${step} (${command}) failed. ${why}`,
        remedy: `Correct the command in isolation.backend.database.template.${step} or the files it reads, and start the preview again.`,
        status: 422,
        cause: error,
      });
    }
  }
}
