import { join } from 'node:path';

export interface EnvironmentInput {
  /** What the service's specification gives. Wins, but for PORT: that is where the gateway looks. */
  given: Record<string, string>;
  dataDirectory: string;
  /** Without it the image's own PATH holds. */
  path?: string;
  port: number;
  temporaryDirectory: string;
}

/** HOME of services: a directory of the environment, never the user's. */
export const homeDirectory = (dataDirectory: string) => join(dataDirectory, 'home');

/** The whole environment of a service. The companion's own, with its token, is no part of it. */
export function serviceEnvironment(input: EnvironmentInput): Record<string, string> {
  return {
    ...(input.path ? { PATH: input.path } : {}),
    HOME: homeDirectory(input.dataDirectory),
    LANG: 'C.UTF-8',
    TMPDIR: input.temporaryDirectory,
    HOST: '127.0.0.1',
    ...input.given,
    PORT: String(input.port),
  };
}

/** A shell line goes through the shell; a list is run as it is. */
export function argumentsOf(command: string | string[]): string[] {
  if (Array.isArray(command)) return command;
  return process.platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c', command] : ['/bin/sh', '-c', command];
}
