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
  const failed = environments.filter(({ failure }) => failure !== undefined).map(formatStatus);
  return [table([['ID', 'STATUS', 'RUNTIME', 'BRANCH', 'TITLE'], ...rows]), ...failed].join('\n\n');
}

/** What became of an environment; where it failed also why, and what to do. */
export function formatStatus({ id, status, failure }: Environment): string {
  const why = failure ? [plain(failure.message), plain(failure.remedy)] : [];
  return [`${plain(id)} is ${status}.`, ...why].join('\n');
}

export function formatDiagnosis({ home, node, platform, runtimes }: Diagnosis): string {
  const lines = runtimes.flatMap(({ name, available, detail, isolation, limits }) => {
    const of = (level: string) =>
      Object.entries(isolation)
        .filter(([, each]) => each === level)
        .map(([kind]) => kind)
        .join(', ');
    const gap = of('none') && ` Not isolated: ${of('none')}.`;
    const watched = of('watched') && ` Watched, not walled in: ${of('watched')}.`;
    const first = [available ? 'ok' : 'no', name, available ? `${detail}.${gap}${watched}` : detail];
    const how = available ? Object.entries(limits ?? {}) : [];
    return [first, ...how.map(([kind, sentence]) => ['', '', `${kind}: ${sentence}`])];
  });
  return `State directory  ${home}\nNode             ${node} (${platform})\n\n${table(lines)}`;
}
