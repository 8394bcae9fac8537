import type { Command } from 'commander';
import { runDemo } from '../demo/demo.ts';

/** demo: the sample, previewed. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('make the sample project with two attempts and open the workbench on it')
    .option(
      '--board',
      'also start a real Vibe Kanban with the sample as its project, and Chromium with the extension',
    )
    .action((options: { board?: boolean }) => runDemo(options));
}
