import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findViteCall, type ViteCall } from '../../vite-call.ts';

/** How the scripts of a directory's package.json start Vite; null when they do not, or cannot be read just now. */
export function readViteCall(root: string): ViteCall | null {
  try {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts?: Record<string, string>;
    };
    return findViteCall(scripts ?? {});
  } catch {
    return null;
  }
}
