import { join } from 'node:path';
import { MAX_SOURCE_BYTES, readText } from '../worktrees/read-text.ts';
import type { DetectedBackend } from './detect-backend.ts';

const FILE = /(?:^|\s)((?:\.\/)?[\w@./-]+\.(?:[cm]?[jt]s|py))(?=\s|$)/;
const DIRECTORY = /^cd\s+([\w./-]+)\s*&&/;
/** What commands run that name no file, as `nest start`. */
const ENTRIES = ['src/main.ts', 'src/main.js', 'src/index.ts', 'src/server.ts'];
/** `listen(4000`, `{ port: 4000 }`, `const PORT = 4000`, `PORT || 4000`, `API_PORT ?? 4000`, `("127.0.0.1", 4000)` */
const PORT =
  /\blisten\(\s*(\d{4,5})\b|\bport['"]?\s*[:=]\s*(?:Number\()?(\d{4,5})\b|\b\w*PORT\b\)?\s*(?:\|\||\?\?)\s*['"]?(\d{4,5})\b|\(\s*['"](?:localhost|127\.0\.0\.1|0\.0\.0\.0|)['"]\s*,\s*(\d{4,5})\s*\)/i;

/** The port that a backend's program has written into it, which it may use whatever PORT says. */
export async function writtenPort({ command, cwd }: DetectedBackend): Promise<number | undefined> {
  const file = FILE.exec(command)?.[1];
  const directory = join(cwd, DIRECTORY.exec(command)?.[1] ?? '.');
  const read = (each: string) =>
    readText(join(directory, each), { maxBytes: MAX_SOURCE_BYTES }).catch(() => '');
  const texts = await Promise.all((file === undefined ? ENTRIES : [file]).map(read));
  const text = texts.find((each) => each !== '') ?? '';
  const port = Number(PORT.exec(text)?.slice(1).find(Boolean));
  return port >= 1_024 && port <= 65_535 ? port : undefined;
}
