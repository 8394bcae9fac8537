#!/usr/bin/env node
import { Command } from 'commander';
import { VitrineError } from '#shared/errors.ts';
import { addDatabaseCommands } from './cli/database-commands.ts';
import { addDemoCommand } from './cli/demo-command.ts';
import { addEnvironmentCommands } from './cli/environment-commands.ts';
import { addMachineCommands } from './cli/machine-commands.ts';
import { printError } from './cli/output.ts';
import { addServeCommand } from './cli/serve-command.ts';
import { VERSION } from './version.ts';

const program = new Command('vitrine')
  .description('A live, isolated preview of every coding agent’s attempt, beside its card on the board.')
  .version(VERSION)
  .option('--json', 'print JSON');
const isJson = () => process.argv.includes('--json');
addServeCommand(program, isJson);
addEnvironmentCommands(program, isJson);
addDatabaseCommands(program, isJson);
addMachineCommands(program, isJson);
addDemoCommand(program);
// So that `vitrine list --json` works as well as `vitrine --json list`.
for (const command of program.commands) command.option('--json', 'print JSON');

try {
  await program.parseAsync();
} catch (error) {
  printError(error, isJson());
  process.exitCode = error instanceof VitrineError ? 1 : 2;
}
