import type { Command } from 'commander';
import { z } from 'zod';
import { VitrineError } from '#shared/errors.ts';
import { runCompanion } from '../companion.ts';
import { findCompanion } from '../native-host/find-companion.ts';
import { stateDirectory } from '../storage/state-directory.ts';
import { lockStateDirectory } from '../storage/state-lock.ts';
import { print } from './output.ts';

/** Ended by force when environments do not end by themselves. */
const STOP_DEADLINE_MS = 15_000;

/** serve: the companion itself, in the foreground. */
export function addServeCommand(program: Command, isJson: () => boolean): void {
  program
    .command('serve')
    .description('run the companion in the foreground')
    .action(async () => {
      const home = stateDirectory();
      const release = await lockStateDirectory(home);
      if (!release) {
        const other = await findCompanion(home);
        print(
          { port: other?.port, alreadyRunning: true },
          isJson(),
          () => `A companion already runs on ${home}${other ? `, port ${other.port}` : ''}.`,
        );
        return;
      }
      // One environment's slip must not end the others; it is a bug all the same, so it is logged whole.
      process.on('unhandledRejection', (reason) => console.error('Unhandled rejection:', reason));
      const ended = Promise.withResolvers<void>();
      const onShutdown = () => ended.resolve();
      const port = wantedPort(process.env.VITRINE_PORT);
      const companion = await runCompanion({ home, port, onShutdown }).catch(async (error) => {
        await release();
        throw error;
      });
      const started = { port: companion.port, url: companion.loginUrl() };
      print(started, isJson(), ({ url }) => `Vitrine listens on port ${companion.port}.\nWorkbench: ${url}`);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, onShutdown);
      await ended.promise;
      setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
      await companion.stop();
      await release();
      process.exit(0);
    });
}

function wantedPort(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const parsed = z.coerce.number().int().min(0).max(65535).safeParse(text);
  if (parsed.success) return parsed.data;
  throw new VitrineError({
    code: 'PORT_INVALID',
    message: `VITRINE_PORT is "${text}", which is not a port.`,
    remedy: 'Give a number from 1 to 65535, or 0 for any that is free.',
  });
}
