import { stripVTControlCharacters } from 'node:util';
import type { LogErrorOptions, Logger } from 'vite';

type Level = 'info' | 'warn' | 'error';

/** Gives Vite's warnings and errors to the companion; what it says about its own hot updates is left out. */
export function createLogger(onLine: (level: Level, text: string) => void): Logger {
  const seen = new Set<string>();
  const logged = new WeakSet<Error>();
  const write = (level: Level, message: string) => onLine(level, stripVTControlCharacters(message));
  const logger: Logger = {
    hasWarned: false,
    info: () => undefined,
    warn(message: string) {
      logger.hasWarned = true;
      write('warn', message);
    },
    warnOnce(message: string) {
      if (seen.has(message)) return;
      seen.add(message);
      logger.warn(message);
    },
    error(message: string, options?: LogErrorOptions) {
      if (options?.error instanceof Error) logged.add(options.error);
      write('error', message);
    },
    clearScreen: (_type: 'info' | 'warn' | 'error') => undefined,
    hasErrorLogged: (error) => logged.has(error as Error),
  };
  return logger;
}
