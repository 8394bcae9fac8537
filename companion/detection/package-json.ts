import { join, relative } from 'node:path';
import { z } from 'zod';
import { VitrineError } from '#shared/errors.ts';
import { readText } from '../worktrees/read-text.ts';

const names = z.record(z.string(), z.string()).catch({});
const packageJsonSchema = z.object({
  name: z.string().optional().catch(undefined),
  homepage: z.string().optional().catch(undefined),
  scripts: names.default({}),
  dependencies: names.default({}),
  devDependencies: names.default({}),
  engines: names.default({}),
});
/** A larger file is no manifest. */
const MAX_PACKAGE_JSON_BYTES = 4 * 1024 * 1024;

export type PackageJson = z.infer<typeof packageJsonSchema>;

/** The package.json of a directory of the worktree; null when there is none. Throws PACKAGE_JSON_BROKEN. */
export async function readPackageJson(worktree: string, directory: string): Promise<PackageJson | null> {
  const path = join(directory, 'package.json');
  let text: string;
  try {
    text = await readText(path, { maxBytes: MAX_PACKAGE_JSON_BYTES });
  } catch {
    return null;
  }
  try {
    return packageJsonSchema.parse(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch (error) {
    throw new VitrineError({
      code: 'PACKAGE_JSON_BROKEN',
      message: `${relative(worktree, path)} is not valid JSON: ${(error as Error).message}.`,
      remedy: 'Correct the file; the preview can be started again then.',
      status: 422,
      cause: error,
    });
  }
}

/** Whether a package is among its dependencies of either kind. */
export const dependsOn = (pkg: PackageJson, ...packages: string[]): boolean =>
  packages.some((name) => name in pkg.dependencies || name in pkg.devDependencies);
