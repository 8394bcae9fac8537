import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import {
  createdEnvironmentSchema,
  egressStateSchema,
  environmentListSchema,
  environmentSchema,
} from '#shared/api/environment.ts';
import { type Explanation, explanationSchema } from '#shared/api/explain.ts';
import { CONFIG_PATH } from '#shared/config/environment-config.ts';
import { call, reachCompanion, runningCompanion } from './call.ts';
import { formatEnvironments, formatStatus } from './format.ts';
import { plain, print, table } from './output.ts';

const DESCRIPTIONS = {
  suspend: 'freeze an environment; the next request brings it back',
  resume: 'bring a frozen environment back',
  restart: 'end what runs in an environment and start it anew; its data stays',
};

const NOTHING_RUNS =
  'No companion runs, so no preview does. Those of before come back when one starts: `vitrine open`, for one, starts it.';

/** preview, list, stop, suspend, resume, restart, allow, open, add, board. */
export function addEnvironmentCommands(program: Command, isJson: () => boolean): void {
  program
    .command('preview <worktree>')
    .description('start the preview of a worktree, or find it, and print its address')
    .option('--task <id>', 'the task it belongs to')
    .option('--agent <id>', 'the agent that works there', 'local')
    .option('--explain', 'start nothing: say what was detected, why, and the configuration that keeps it so')
    .action(async (worktree: string, options: { task?: string; agent: string; explain?: boolean }) => {
      const path = resolve(worktree);
      if (options.explain) {
        const route = `/api/explain?worktree=${encodeURIComponent(path)}`;
        const explanation = explanationSchema.parse(await call(await reachCompanion(), 'GET', route));
        return print(explanation, isJson(), formatExplanation);
      }
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
      if (!companion) return print({ environments: [] }, isJson(), () => NOTHING_RUNS);
      const list = environmentListSchema.parse(await call(companion, 'GET', '/api/environments'));
      print(list, isJson(), ({ environments }) => formatEnvironments(environments));
    });

  program
    .command('stop <id>')
    .description('terminate an environment: its processes, its database, its files')
    .action(async (id: string) => {
      await call(await reachCompanion(), 'DELETE', `/api/environments/${encodeURIComponent(id)}`);
      print({ stopped: id }, isJson(), () => `Stopped ${plain(id)}.`);
    });

  for (const action of ['suspend', 'resume', 'restart'] as const) {
    program
      .command(`${action} <id>`)
      .description(DESCRIPTIONS[action])
      .action(async (id: string) => {
        const path = `/api/environments/${encodeURIComponent(id)}/${action}`;
        const environment = environmentSchema.parse(await call(await reachCompanion(), 'POST', path));
        print(environment, isJson(), formatStatus);
        if (environment.status === 'failed') process.exitCode = 1;
      });
  }

  program
    .command('allow <id> <host>')
    .description(
      'let the sandbox of an environment reach a host, such as api.example.org or *.example.org:8443',
    )
    .action(async (id: string, host: string) => {
      const path = `/api/environments/${encodeURIComponent(id)}/egress`;
      const egress = egressStateSchema.parse(await call(await reachCompanion(), 'POST', path, { host }));
      print(egress, isJson(), ({ allowed }) => `Allowed: ${allowed.map(plain).join(', ')}.`);
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

const formatExplanation = ({ findings, yaml }: Explanation): string =>
  `${table(findings.map(({ what, value, reason }) => [plain(what), plain(value), plain(reason)]))}

# ${CONFIG_PATH}
${yaml
  .split('\n')
  .map((line) => plain(line))
  .join('\n')}`;
