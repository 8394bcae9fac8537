import { join, relative } from 'node:path';
import type { OwnServer } from '../../builder/frontend.ts';
import { readEnvFiles } from '../../detection/env-files.ts';
import type { EnvironmentRecord } from '../../storage/environment-record.ts';
import { commandPath, withPath } from './command-path.ts';
import { serviceEnv } from './service-env.ts';

export interface OwnServerInput {
  record: Pick<EnvironmentRecord, 'worktree' | 'mainCheckout' | 'runtime' | 'config'>;
  /** Absolute directory of the frontend. */
  root: string;
  origin: string;
  egress: Record<string, string>;
  database: Record<string, string>;
  takenPorts: readonly number[];
  hasBackend: boolean;
}

/** What the project's own dev server is run with. */
export async function ownServer(input: OwnServerInput): Promise<OwnServer> {
  const { record, root, origin, egress, database, takenPorts, hasBackend } = input;
  const { worktree, mainCheckout } = record;
  const twin = join(mainCheckout, relative(worktree, root));
  const [theirs, own, path] = await Promise.all([
    readEnvFiles(mainCheckout === worktree ? [] : [...new Set([mainCheckout, twin])]),
    readEnvFiles([...new Set([worktree, root])]),
    commandPath({ worktree, mainCheckout, cwd: root, runtime: record.runtime }),
  ]);
  // The worktree's own files the server reads itself, again when they change: a variable would hide that.
  const files = Object.fromEntries(Object.entries(theirs).filter(([name]) => !(name in own)));
  const { command } = record.config.isolation.frontend;
  return {
    origin,
    ...(command !== undefined && { command }),
    env: serviceEnv({ files, configured: {}, names: {}, egress, database, origin }),
    withPath: (line) => withPath(line, path),
    takenPorts,
    hasBackend,
  };
}
