import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { VitrineError } from '#shared/errors.ts';
import { launchCompanion, logTail } from './launch-companion.ts';
import { holdStartLock } from './start-lock.ts';

const companionRecordSchema = z.object({
  port: z.int().min(1).max(65_535),
  pid: z.int().min(1),
  token: z.string().min(32),
});

/** Where a running companion is and what opens it: `companion.json` in the state directory. */
export type CompanionRecord = z.infer<typeof companionRecordSchema>;

const healthSchema = z.object({ ok: z.literal(true), name: z.literal('vitrine') });

const HEALTH_DEADLINE_MS = 2_000;
/** A companion needs 0.5 s on a quiet machine. */
const START_DEADLINE_MS = 15_000;
const LOOK_EVERY_MS = 50;

/** The companion that runs on a state directory; null when there is none, or the file is of one that is gone. */
export async function findCompanion(home: string): Promise<CompanionRecord | null> {
  const record = await readRecord(home);
  return record && isRunning(record.pid) && (await isHealthy(record.port)) ? record : null;
}

export interface StartOptions {
  /** Program and arguments; the companion of this checkout unless told. */
  command?: string[];
}

/**
 * Starts a companion on a state directory, detached, and waits until it answers. Any number of callers at the same
 * moment get the same one. Throws COMPANION_NOT_STARTED, or the signal's reason.
 */
export async function startCompanion(
  home: string,
  signal: AbortSignal,
  options: StartOptions = {},
): Promise<CompanionRecord> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(START_DEADLINE_MS)]);
  try {
    const release = await holdStartLock(home, deadline);
    try {
      // Whoever held the lock before has probably started it.
      return (await findCompanion(home)) ?? (await launchAndWait(home, deadline, options));
    } finally {
      await release();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!deadline.aborted || error instanceof VitrineError) throw error;
    throw notStarted(`it did not answer within ${START_DEADLINE_MS / 1000} s`, await logTail(home));
  }
}

async function launchAndWait(
  home: string,
  signal: AbortSignal,
  options: StartOptions,
): Promise<CompanionRecord> {
  const launched = await launchCompanion(home, options.command);
  let ended: string | null = null;
  void launched.ended.then((how) => {
    ended = how;
  });
  for (;;) {
    const found = await findCompanion(home);
    if (found) return found;
    // It also ends when another one, started by hand, was faster: that one has been looked for just now.
    if (ended !== null) {
      const other = await findCompanion(home);
      if (other) return other;
      throw notStarted(ended, await logTail(home));
    }
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

async function readRecord(home: string): Promise<CompanionRecord | null> {
  try {
    const text = await readFile(join(home, 'companion.json'), 'utf8');
    return companionRecordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/healthz`, {
      signal: AbortSignal.timeout(HEALTH_DEADLINE_MS),
      redirect: 'error',
    });
    return healthSchema.safeParse(await response.json()).success;
  } catch {
    return false;
  }
}

function notStarted(why: string, log: string): VitrineError {
  return new VitrineError({
    code: 'COMPANION_NOT_STARTED',
    message: `The companion could not be started: ${why}.${log ? ` Its log ends with: ${log}` : ''}`,
    remedy:
      'Run "vitrine serve" in a terminal to see what it says; its log is companion.log in the state directory.',
    status: 503,
  });
}
