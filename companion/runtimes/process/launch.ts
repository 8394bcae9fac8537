import { type ChildProcess, spawn } from 'node:child_process';
import type { Group } from './cgroup/group.ts';

/** Writes its own id into each group directory named before `--`, then becomes the command behind it. */
const JOIN_GROUPS = `
while [ "$1" != -- ]; do
  echo $$ > "$1/cgroup.procs" || exit 71
  shift
done
shift
exec "$@"`;

/** Starts a pod's first process, inside its control group from its first instruction on. */
export function launch(
  argv: string[],
  group: Group | null,
  env: Record<string, string | undefined>,
): ChildProcess {
  const command = group ? ['/bin/sh', '-c', JOIN_GROUPS, 'sh', ...group.directories, '--', ...argv] : argv;
  const [file = '', ...rest] = command;
  return spawn(file, rest, {
    env,
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    // Its own process group: a Ctrl+C in the companion's terminal is the companion's to answer.
    detached: true,
  });
}
