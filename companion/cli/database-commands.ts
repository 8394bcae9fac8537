import type { Command } from 'commander';
import { type Snapshot, snapshotListSchema } from '#shared/api/database.ts';
import { call, reachCompanion } from './call.ts';
import { plain, print, table } from './output.ts';

/** db reset, snapshot, restore, forget, list. */
export function addDatabaseCommands(program: Command, isJson: () => boolean): void {
  const db = program.command('db').description('put an environment’s data back, or keep a copy of it');
  const path = (id: string, rest: string) => `/api/environments/${encodeURIComponent(id)}/database/${rest}`;

  db.command('reset <id>')
    .description('make the database anew from the project’s template')
    .action(async (id: string) => {
      await call(await reachCompanion(), 'POST', path(id, 'reset'));
      print({ reset: id }, isJson(), () => `The database of ${plain(id)} is as the template.`);
    });

  db.command('snapshot <id> [name]')
    .description('keep a copy of the database as it is now')
    .action(async (id: string, name = 'latest') => {
      await call(await reachCompanion(), 'POST', path(id, 'snapshots'), { name });
      print({ snapshot: name }, isJson(), () => `Kept as ${plain(name)}.`);
    });

  db.command('restore <id> [name]')
    .description('put the database back to a snapshot')
    .action(async (id: string, name = 'latest') => {
      await call(await reachCompanion(), 'POST', path(id, 'restore'), { name });
      print({ restored: name }, isJson(), () => `The database of ${plain(id)} is as in ${plain(name)}.`);
    });

  db.command('forget <id> <name>')
    .description('remove a snapshot of the database')
    .action(async (id: string, name: string) => {
      await call(await reachCompanion(), 'DELETE', path(id, `snapshots/${encodeURIComponent(name)}`));
      print({ forgotten: name }, isJson(), () => `The snapshot ${plain(name)} is gone.`);
    });

  db.command('list <id>')
    .description('list the snapshots of an environment’s database')
    .action(async (id: string) => {
      const list = snapshotListSchema.parse(await call(await reachCompanion(), 'GET', path(id, 'snapshots')));
      print(list, isJson(), ({ snapshots }) => formatSnapshots(snapshots));
    });
}

function formatSnapshots(snapshots: Snapshot[]): string {
  if (snapshots.length === 0) return 'No snapshots. Keep one with `vitrine db snapshot <id>`.';
  const rows = snapshots.map(({ name, createdAt, bytes }) => [
    plain(name),
    new Date(createdAt).toISOString(),
    `${(bytes / 1024 / 1024).toFixed(1)} MB`,
  ]);
  return table([['NAME', 'KEPT AT', 'SIZE'], ...rows]);
}
