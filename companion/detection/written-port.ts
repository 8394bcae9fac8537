import { join } from 'node:path';
import { MAX_SOURCE_BYTES, readText } from '../worktrees/read-text.ts';
import type { DetectedBackend } from './detect-backend.ts';

const FILE = /(?:^|\s)((?:\.\/)?[\w@./-]+\.(?:[cm]?[jt]s|py))(?=\s|$)/;
const DIRECTORY = /^cd\s+([\w./-]+)\s*&&/;
/** `listen(4000`, `{ port: 4000 }`, `const PORT = 4000`, `PORT || 4000`, `("127.0.0.1", 4000)` */
const PORT =
  /\blisten\(\s*(\d{4,5})\b|\bport['"]?\s*[:=]\s*(?:Number\()?(\d{4,5})\b|\bPORT\b\)?\s*(?:\|\||\?\?)\s*['"]?(\d{4,5})\b|\(\s*['"](?:localhost|127\.0\.0\.1|0\.0\.0\.0|)['"]\s*,\s*(\d{4,5})\s*\)/i;

/** The port that a backend's program has written into it, which it may use whatever PORT says. */
export async function writtenPort({ command, cwd }: DetectedBackend): Promise<number | undefined> {
  const file = FILE.exec(command)?.[1];
  if (file === undefined) return undefined;
  const path = join(cwd, DIRECTORY.exec(command)?.[1] ?? '.', file);
  const text = await readText(path, { maxBytes: MAX_SOURCE_BYTES }).catch(() => '');
  const port = Number(PORT.exec(text)?.slice(1).find(Boolean));
  return port >= 1_024 && port <= 65_535 ? port : undefined;
}
