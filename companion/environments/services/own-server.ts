import { frameworkOf } from '../../builder/devserver/frameworks.ts';
import type { OwnServer } from '../../builder/frontend.ts';
import { readPackageJson } from '../../detection/package-json.ts';
import type { EnvironmentRecord } from '../../storage/environment-record.ts';
import { commandPath, withPath } from './command-path.ts';
import { databaseNames } from './database-names.ts';
import { serviceEnv } from './service-env.ts';

export interface OwnServerInput {
  record: Pick<EnvironmentRecord, 'worktree' | 'mainCheckout' | 'runtime' | 'config'>;
  /** See {@link ownServerPath}. */
  path: string[];
  origin: string;
  /** Variables of the main checkout's env files. */
  inherited: Record<string, string>;
  /** All variables that the project's env files speak of. */
  spokenOf: Record<string, string>;
  egress: Record<string, string>;
  database: Record<string, string>;
  takenPorts: readonly number[];
  hasBackend: boolean;
  backendPort?: number;
}

/** Directories its command finds programs in. */
export async function ownServerPath(record: OwnServerInput['record'], root: string): Promise<string[]> {
  const { worktree, mainCheckout, runtime } = record;
  const pkg = await readPackageJson(worktree, root);
  const tool = pkg && frameworkOf(pkg)?.package;
  return commandPath({ worktree, mainCheckout, cwd: root, runtime, ...(tool && { tool }) });
}

/** What the project's own dev server is run with. */
export function ownServer(input: OwnServerInput): OwnServer {
  const { record, path, origin, inherited, spokenOf, egress, takenPorts, hasBackend, backendPort } = input;
  const database = { ...input.database, ...databaseNames(input.database, spokenOf) };
  const { command } = record.config.isolation.frontend;
  return {
    origin,
    ...(command !== undefined && { command }),
    env: serviceEnv({ files: inherited, configured: {}, names: {}, egress, database, origin }),
    withPath: (line) => withPath(line, path),
    takenPorts,
    hasBackend,
    backendPort,
  };
}
