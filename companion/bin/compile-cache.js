// Keeps what V8 and the type stripper made of Vitrine's sources: a command is there in half the time. Beside the program,
// where nobody can write who could not change the program itself; where it cannot be written, nothing is kept.
import * as module from 'node:module';
import { fileURLToPath } from 'node:url';

module.enableCompileCache?.(fileURLToPath(new URL('../../.cache/compile', import.meta.url)));
