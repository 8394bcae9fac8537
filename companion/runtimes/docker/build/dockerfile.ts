import { VitrineError } from '#shared/errors.ts';

/**
 * Refuses what the engine itself would fetch while it builds, from wherever it can reach: `ADD` with an address, or
 * with a variable that may hold one. What `RUN` fetches goes through the pod.
 */
export function checkDockerfile(text: string, name: string): void {
  for (const instruction of instructionsOf(text)) {
    const added = /^(?:ONBUILD\s+)*ADD\s+(.*)$/is.exec(instruction)?.[1];
    if (added === undefined || !/\$|:\/\/|git@/.test(added)) continue;
    throw new VitrineError({
      code: 'DOCKERFILE_REFUSED',
      message: `${name} adds something from outside its directory: ${instruction.slice(0, 200)}`,
      remedy:
        'Use COPY for files, and RUN with curl or wget for addresses: those pass the sandbox’s own way out.',
      status: 422,
    });
  }
}

/** The instructions of a Dockerfile, each on one line, without comments. */
function instructionsOf(text: string): string[] {
  // A parser directive may change the character that continues a line.
  const continuation = /^(?:#[^\n]*\n)*?#\s*escape\s*=\s*`/i.test(text) ? '`' : '\\';
  const instructions: string[] = [];
  let current = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*#/.test(line)) continue;
    const trimmed = line.trimEnd();
    if (trimmed.endsWith(continuation)) {
      current += trimmed.slice(0, -1);
      continue;
    }
    current += trimmed;
    if (current.trim()) instructions.push(current.trim());
    current = '';
  }
  if (current.trim()) instructions.push(current.trim());
  return instructions;
}
