import { findCommand } from '../builder/devserver/find-command.ts';
import { DEFAULT_REASON } from '../detection/choose-provider.ts';
import { readPackageJson } from '../detection/package-json.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';

/** Whether the project's own dev server may show what the default provider cannot: nobody chose that, and there is one. */
export async function mayTakeOver(
  { worktree, config, providerReason }: Pick<EnvironmentRecord, 'worktree' | 'config' | 'providerReason'>,
  root: string,
): Promise<boolean> {
  if (providerReason !== DEFAULT_REASON) return false;
  try {
    findCommand(await readPackageJson(worktree, root), config.isolation.frontend.command);
    return true;
  } catch {
    return false; // the error of the build is all there is to show
  }
}
