import { relative } from 'node:path';
import { watchWorktree } from '../watch.ts';

/** Watches the directory named on the command line and prints what it is told, one JSON text a line, until its input ends. */
const [, , worktree = ''] = process.argv;
const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);
const watch = watchWorktree(worktree, {
  onChange: (paths) => say({ changed: paths.map((path) => relative(worktree, path)) }),
  onRemoved: () => say({ removed: true }),
  onDegraded: (degraded) => say({ degraded }),
});
await watch.ready;
say({ ready: true });
process.stdin.resume().on('end', () => process.exit());
