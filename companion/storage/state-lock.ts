import { join } from 'node:path';
import { tryLock } from './lock-file.ts';
import { prepareStateDirectory } from './state-directory.ts';

/** Makes this process the only companion of a state directory; null while another one is. */
export function lockStateDirectory(home: string): Promise<(() => Promise<void>) | null> {
  prepareStateDirectory(home);
  return tryLock(join(home, 'companion-lock.sqlite'));
}
