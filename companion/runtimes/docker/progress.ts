import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { LineSplitter } from '../output/line-splitter.ts';

/** A step of a build prints its lines one by one; no message of the engine is longer. */
const MAX_MESSAGE_BYTES = 64 * 1024;

const messageSchema = z.object({
  stream: z.string().optional(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string().optional() }).optional(),
});

/**
 * Reads the engine's progress messages (one JSON object a line) to their end. Throws the error that is one of them:
 * the status was 200 long before. `onText` is told what a build prints.
 */
export async function readProgress(answer: Readable, onText: (text: string) => void): Promise<void> {
  let failure: string | undefined;
  const splitter = new LineSplitter((line) => {
    const message = parse(line);
    if (!message) return;
    if (message.stream) onText(message.stream);
    failure ??= message.errorDetail?.message ?? message.error;
  }, MAX_MESSAGE_BYTES);
  answer.on('data', (chunk: Buffer) => splitter.push(chunk));
  await finished(answer);
  splitter.end();
  if (failure !== undefined) throw new Error(failure);
}

function parse(line: string): z.infer<typeof messageSchema> | null {
  try {
    return messageSchema.parse(JSON.parse(line));
  } catch {
    return null; // a message over the limit, or of a kind we do not know
  }
}
