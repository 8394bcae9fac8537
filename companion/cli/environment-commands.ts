import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { createdEnvironmentSchema, environmentListSchema } from '#shared/api/environment.ts';
import { call, reachCompanion, runningCompanion } from './call.ts';
import { formatEnvironments } from './format.ts';
import { plain, print } from './output.ts';

/** preview, list, stop, open, add, board. */
export function addEnvironmentCommands(program: Command, isJson: () => boolean): void {
  program
    .command('preview <worktree>')
    .description('start the preview of a worktree, or find it, and print its address')
    .option('--task <id>', 'the task it belongs to')
    .option('--agent <id>', 'the agent that works there', 'local')
    .action(async (worktree: string, options: { task?: string; agent: string }) => {
      const path = resolve(worktree);
      const body = { taskId: options.task ?? `worktree:${path}`, agentId: options.agent, worktree: path };
      const created = createdEnvironmentSchema.parse(
        await call(await reachCompanion(), 'POST', '/api/environments', body),
      );
      print(created, isJson(), ({ environmentId, previewUrl }) => `${environmentId}\n${previewUrl}`);
    });

  program
    .command('list')
    .description('list the environments')
    .action(async () => {
      const companion = await runningCompanion();
      const list = companion
        ? environmentListSchema.parse(await call(companion, 'GET', '/api/environments'))
        : { environments: [] };
      print(list, isJson(), ({ environments }) => formatEnvironments(environments));
    });

  program
    .command('stop <id>')
    .description('terminate an environment: its processes, its database, its files')
    .action(async (id: string) => {
      await call(await reachCompanion(), 'DELETE', `/api/environments/${encodeURIComponent(id)}`);
      print({ stopped: id }, isJson(), () => `Stopped ${plain(id)}.`);
    });

  program
    .command('open')
    .description('print a link that opens the workbench in any browser; it works once, for a minute')
    .action(async () => {
      const link = z
        .object({ url: z.url() })
        .parse(await call(await reachCompanion(), 'POST', '/api/login-ticket'));
      print(link, isJson(), ({ url }) => url);
    });

  program
    .command('add <repository>')
    .description('list the worktrees of a repository in the workbench')
    .action(async (repository: string) => {
      const body = { path: resolve(repository) };
      const added = z
        .object({ path: z.string() })
        .parse(await call(await reachCompanion(), 'POST', '/api/repositories', body));
      print(added, isJson(), ({ path }) => `Added ${plain(path)}.`);
    });

  program
    .command('board <url>')
    .description('list the attempts of a board in the workbench')
    .action(async (url: string) => {
      const added = z
        .object({ url: z.url() })
        .parse(await call(await reachCompanion(), 'POST', '/api/boards', { url }));
      print(added, isJson(), (board) => `Connected ${plain(board.url)}.`);
    });
}
