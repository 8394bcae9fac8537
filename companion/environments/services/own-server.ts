import type { OwnServer } from '../../builder/frontend.ts';
import type { EnvironmentRecord } from '../../storage/environment-record.ts';
import { commandPath, withPath } from './command-path.ts';
import { serviceEnv } from './service-env.ts';

export interface OwnServerInput {
  record: Pick<EnvironmentRecord, 'worktree' | 'mainCheckout' | 'runtime' | 'config'>;
  /** Absolute directory of the frontend. */
  root: string;
  origin: string;
  /** Variables of the main checkout's env files. */
  inherited: Record<string, string>;
  egress: Record<string, string>;
  database: Record<string, string>;
  takenPorts: readonly number[];
  hasBackend: boolean;
}

/** What the project's own dev server is run with. */
export async function ownServer(input: OwnServerInput): Promise<OwnServer> {
  const { record, root, origin, inherited, egress, database, takenPorts, hasBackend } = input;
  const { worktree, mainCheckout } = record;
  const path = await commandPath({ worktree, mainCheckout, cwd: root, runtime: record.runtime });
  const { command } = record.config.isolation.frontend;
  return {
    origin,
    ...(command !== undefined && { command }),
    env: serviceEnv({ files: inherited, configured: {}, names: {}, egress, database, origin }),
    withPath: (line) => withPath(line, path),
    takenPorts,
    hasBackend,
  };
}
