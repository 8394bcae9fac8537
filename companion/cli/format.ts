import type { Environment } from '#shared/api/environment.ts';
import type { Diagnosis } from '../api/doctor.ts';
import { plain, table } from './output.ts';

export function formatEnvironments(environments: Environment[]): string {
  if (environments.length === 0) return 'No environments. Start one with `vitrine preview <worktree>`.';
  const rows = environments.map(({ id, status, runtime, branch, title }) => [
    id,
    status,
    runtime,
    plain(branch),
    plain(title),
  ]);
  return table([['ID', 'STATUS', 'RUNTIME', 'BRANCH', 'TITLE'], ...rows]);
}

export function formatDiagnosis({ home, node, platform, runtimes }: Diagnosis): string {
  const lines = runtimes.map(({ name, available, detail, isolation }) => {
    const open = Object.entries(isolation)
      .filter(([, level]) => level === 'none')
      .map(([kind]) => kind);
    const gap = available && open.length > 0 ? ` Not isolated: ${open.join(', ')}.` : '';
    return [available ? 'ok' : 'no', name, `${detail}${gap}`];
  });
  return `State directory  ${home}\nNode             ${node} (${platform})\n\n${table(lines)}`;
}
