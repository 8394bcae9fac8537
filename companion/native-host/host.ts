import process from 'node:process';
import { toVitrineError } from '#shared/errors.ts';
import { type NativeReply, nativeRequestSchema } from '#shared/native/messages.ts';
import { stateDirectory } from '../storage/state-directory.ts';
import { findCompanion, startCompanion } from './find-companion.ts';
import { encodeFrame, readFrames } from './framing.ts';

/**
 * The native messaging host: the browser starts it for each connection, asks with `{type: "connect"}` and is told
 * where the companion is. Standard output belongs to the protocol; anything else goes to standard error, which
 * browsers put into their own logs.
 */
async function answer(request: unknown, signal: AbortSignal): Promise<NativeReply> {
  if (!nativeRequestSchema.safeParse(request).success) {
    return {
      type: 'failed',
      failure: {
        code: 'NATIVE_REQUEST_INVALID',
        message: 'The extension sent a message this companion does not know.',
        remedy: 'Bring the extension and the companion to the same version.',
      },
    };
  }
  try {
    const home = stateDirectory();
    const { port, token } = (await findCompanion(home)) ?? (await startCompanion(home, signal));
    return { type: 'connected', port, token };
  } catch (error) {
    return { type: 'failed', failure: toVitrineError(error).toBody().error };
  }
}

async function main(): Promise<void> {
  const gone = new AbortController();
  // The browser closes the pipes when the extension hangs up; nobody waits for an answer then.
  process.stdin.once('close', () => gone.abort());
  process.stdout.on('error', () => process.exit(0));
  for await (const request of readFrames(process.stdin)) {
    process.stdout.write(encodeFrame(await answer(request, gone.signal)));
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
