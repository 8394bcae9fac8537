import { join, relative } from 'node:path';
import { readEnvFiles, spokenOfEnv } from '../../detection/env-files.ts';
import type { ServicePlan } from '../../detection/service-plan.ts';
import type { EnvironmentRecord } from '../../storage/environment-record.ts';
import { commandPath, withPath } from './command-path.ts';
import { databaseNames } from './database-names.ts';
import { withoutMissingEnvFiles } from './env-file-options.ts';
import { serviceEnv } from './service-env.ts';

export interface LaunchInput {
  record: Pick<EnvironmentRecord, 'worktree' | 'mainCheckout' | 'runtime' | 'config'>;
  database: Record<string, string>;
  egress: Record<string, string>;
  origin: string;
}

interface Launch<P> {
  plan: P;
  command: string | string[];
  env(addresses: Record<string, string>): Record<string, string>;
}

/** What a service of the plan is run with: its command with the packages' programs in reach, and its variables. */
export async function launchOf<P extends Pick<ServicePlan, 'command' | 'cwd' | 'env'>>(
  plan: P,
  { record, database, egress, origin }: LaunchInput,
): Promise<Launch<P>> {
  // Git ignores `server/.env` as well: it is in the main checkout alone.
  const twin = join(record.mainCheckout, relative(record.worktree, plan.cwd));
  const { worktree, mainCheckout } = record;
  const names = record.config.isolation.env_files;
  const { command, missing } = await withoutMissingEnvFiles(plan.command, plan.cwd);
  const [theirs, own, spokenOf, searched] = await Promise.all([
    readEnvFiles([...new Set([record.mainCheckout, twin])], { names: [...names, ...missing] }),
    readEnvFiles([...new Set([record.worktree, plan.cwd])], { inside: record.worktree }),
    spokenOfEnv({ worktree, mainCheckout, root: plan.cwd, names }),
    commandPath({ ...record, cwd: plan.cwd }),
  ]);
  return {
    plan,
    command: withPath(command, searched),
    env: (addresses) =>
      serviceEnv({
        files: { ...theirs, ...own },
        configured: plan.env,
        names: addresses,
        egress,
        database: { ...database, ...databaseNames(database, spokenOf) },
        origin,
      }),
  };
}
