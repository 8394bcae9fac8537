import { VitrineError } from '#shared/errors.ts';
import type { PackageManager } from './package-manager.ts';

export const installFailed = ({ name, root }: PackageManager, how: string, lastLines: readonly string[]) =>
  new VitrineError({
    code: 'INSTALL_FAILED',
    message: `The packages of ${root} could not be installed: ${name} ${how}.${
      lastLines.length > 0 ? ` Its last lines: ${lastLines.join(' ⏎ ')}` : ''
    }`,
    remedy: `Correct what it names and start the preview again, or run the project’s install command in ${root} yourself. An installation reaches the registries alone: hosts it was refused are in the network view.`,
    status: 422,
  });

export const managerMissing = ({ name, root }: PackageManager) =>
  new VitrineError({
    code: 'PACKAGE_MANAGER_MISSING',
    message: `The packages of ${root} are installed with ${name}, which is not on this machine.`,
    remedy: `Install ${name}, or npm, which fetches it; or run the project’s install command in ${root} yourself.`,
    status: 422,
  });

export const notIgnored = (target: string) =>
  new VitrineError({
    code: 'DEPENDENCIES_NOT_IGNORED',
    message: `The packages of the preview are not installed, and git does not ignore ${target}.`,
    remedy:
      'Add node_modules to .gitignore, or run the project’s install command yourself; then start the preview again.',
    status: 422,
  });
