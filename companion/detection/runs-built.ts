import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

const PROGRAM =
  /\b(?:node|nodemon)\b[^&|;]*?\s((?:\.{0,2}\/)?[\w@.-]+(?:\/[\w@.-]+)+(?:\.[cm]?js)?|[\w.-]+\.[cm]?js)(?=\s|$)/;
const OUTPUT = /^(?:\.\/)?(?:[\w@.-]+\/)*?(?:dist|build|out|output|\.output)\//;
const ENDINGS = ['', '.js', '.mjs', '.cjs', '/index.js'];

/** Whether a command runs the project's sources, or what was built of them, which may not be there. */
export async function isBuilt(command: string, cwd: string): Promise<'sources' | 'built' | 'missing'> {
  const program = PROGRAM.exec(command)?.[1];
  if (program === undefined || !OUTPUT.test(program)) return 'sources';
  const found = await Promise.all(
    ENDINGS.map((ending) => stat(resolve(cwd, program + ending)).catch(() => null)),
  );
  return found.some((entry) => entry?.isFile()) ? 'built' : 'missing';
}
