import type { Command } from 'commander';
import { CHROME_EXTENSION_ID, FIREFOX_EXTENSION_ID } from '#shared/extension/identity.ts';
import { diagnosisSchema } from '../api/doctor.ts';
import { installNativeHost, uninstallNativeHost } from '../native-host/manifests.ts';
import { stateDirectory } from '../storage/state-directory.ts';
import { call, reachCompanion } from './call.ts';
import { endCompanion, removeEverything } from './end-companion.ts';
import { formatDiagnosis } from './format.ts';
import { print } from './output.ts';

const collect = (value: string, all: string[]) => [...all, value];

/** doctor, install, uninstall. */
export function addMachineCommands(program: Command, isJson: () => boolean): void {
  program
    .command('doctor')
    .description('say what works on this machine and what is not isolated')
    .action(async () => {
      print(
        diagnosisSchema.parse(await call(await reachCompanion(), 'GET', '/api/doctor')),
        isJson(),
        formatDiagnosis,
      );
    });

  program
    .command('install')
    .description('let the browsers found here start the companion (native messaging)')
    .option(
      '--user-data-dir <directory>',
      'also for a Chromium profile of its own; may be repeated',
      collect,
      [],
    )
    .action(async (options: { userDataDir: string[] }) => {
      const installed = await installNativeHost({
        home: stateDirectory(),
        extensionId: CHROME_EXTENSION_ID,
        firefoxId: FIREFOX_EXTENSION_ID,
        userDataDirs: options.userDataDir,
      });
      print(installed, isJson(), ({ manifests }) =>
        ['Installed for:', ...manifests.map((path) => `  ${path}`)].join('\n'),
      );
    });

  program
    .command('quit')
    .description('end the companion; environments come back when it is started again')
    .action(async () => {
      const stopped = await endCompanion(stateDirectory(), { terminate: false });
      print({ stopped }, isJson(), () => (stopped ? 'Stopped.' : 'No companion runs.'));
    });

  program
    .command('uninstall')
    .description('stop everything and remove all that Vitrine wrote outside its own checkout')
    .action(async () => {
      const home = stateDirectory();
      const { removed } = await uninstallNativeHost({ home });
      await removeEverything(home);
      print({ removed: [...removed, home] }, isJson(), (result) =>
        ['Removed:', ...result.removed.map((path) => `  ${path}`)].join('\n'),
      );
    });
}
