import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bind } from '../mounts/plan.ts';

/** The users that the default image has by itself: root, and node. */
const KNOWN_USERS = [0, 1000];

/** For the default image: a name for the worktree owner's uid, without which os.userInfo() throws. */
export async function passwdBinds(user: string, stateDirectory: string): Promise<Bind[]> {
  const [uid, gid] = user.split(':').map(Number);
  if (uid === undefined || KNOWN_USERS.includes(uid)) return [];
  const file = join(stateDirectory, `passwd-${uid}-${gid}`);
  const line = `user:x:${uid}:${gid}::/tmp:/bin/sh`;
  await writeFile(file, `root:x:0:0:root:/root:/bin/sh\n${line}\n`, { mode: 0o644, flag: 'wx' }).catch(
    (error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    },
  );
  return [{ source: file, target: '/etc/passwd', writable: false }];
}
