import { join } from 'node:path';
import { MAX_SOURCE_BYTES, readText } from '../worktrees/read-text.ts';
import type { PackageJson } from './package-json.ts';

const SCRIPTS = ['dev', 'develop', 'start', 'serve'];
/** `node server`, `tsx watch src/server.ts`, `cross-env A=b nodemon --exec tsx server/index.ts` */
const PROGRAM =
  /\b(?:node|tsx|ts-node|nodemon|bun|vite-node|babel-node)\b(?:\s+(?:watch|run|--?[\w-]+(?:=\S+)?|tsx|ts-node|node))*\s+([\w./-]+)\s*$/;
const ENDINGS = ['', '.js', '.ts', '.mjs', '.mts', '.cjs', '/index.js', '/index.ts', '/index.mjs'];

/** A server of the project that has Vite in it, as for rendering on the server: its file, from the root. */
export async function findViteServer(root: string, { scripts }: PackageJson): Promise<string | null> {
  for (const name of SCRIPTS) {
    const file = PROGRAM.exec(scripts[name] ?? '')?.[1];
    if (file === undefined || file.includes('node_modules')) continue;
    for (const ending of ENDINGS) {
      const text = await readText(join(root, file + ending), { maxBytes: MAX_SOURCE_BYTES }).catch(
        () => null,
      );
      if (text !== null && /['"](?:vite|vite-express)['"]/.test(text)) return file + ending;
    }
  }
  return null;
}

/** Major version of the Vite in use: the one installed, else what package.json asks for; null when neither tells. */
export async function viteMajor(pkg: PackageJson, places: string[]): Promise<number | null> {
  for (const place of places) {
    const text = await readText(join(place, 'node_modules/vite/package.json'), {
      maxBytes: MAX_SOURCE_BYTES,
    }).catch(() => null);
    const version = text === null ? null : /"version"\s*:\s*"(\d+)/.exec(text)?.[1];
    if (version) return Number(version);
  }
  const range = pkg.devDependencies.vite ?? pkg.dependencies.vite ?? '';
  const major = /^[\^~]?(\d+)(?:\.|$)/.exec(range)?.[1];
  return major === undefined ? null : Number(major);
}
